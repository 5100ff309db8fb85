package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a snapshot's tree into the staging folder: folders and files, then further names of files, then symbolic links, which therefore never lie on the way
 * of anything; folders get their attributes last and are forced. For one use.
 */
final class TreeStager {

    private static final int ENTRIES_BETWEEN_QUESTIONS = 1000;
    private static final int FOLDER_THREADS = 4;

    /** What its owner needs to work in a folder. */
    private static final int OPEN = 0700;

    private final SnapshotTree tree;
    private final Path stage;
    private final StagingWindow window;
    private final AttributeWriter attributes;
    private final StagedRights rights;
    private final List<Entry> folders = new ArrayList<>();
    private final List<Entry> links = new ArrayList<>();
    private int entries;

    TreeStager(SnapshotTree tree, Path stage, CancellationToken cancellation) {
        this.tree = tree;
        this.stage = stage;
        this.attributes = new AttributeWriter(stage.getFileSystem());
        this.window = new StagingWindow(tree, stage, cancellation, attributes);
        this.rights = new StagedRights(stage.getFileSystem(), OPEN);
    }

    void write() throws IOException {
        FileIo.call(
                () -> {
                    writeAll();
                    return stage;
                },
                window::interrupt);
    }

    private void writeAll() throws IOException {
        tree.forEach(this::entry);
        window.settle();
        for (Entry link : links) {
            link(link);
        }
        settleFolders();
        DurableFiles.forceDirectory(stage);
    }

    private void entry(EntryPath target, Entry entry) throws IOException {
        if (++entries % ENTRIES_BETWEEN_QUESTIONS == 0) {
            window.stopIfUnwanted();
        }
        Path file = StagingFolders.in(stage, target);
        switch (entry.type()) {
            case DIRECTORY -> {
                if (!target.isRoot()) {
                    directory(file, entry);
                }
                folders.add(entry);
            }
            case FILE -> {
                window.add(file, entry);
                if (window.isFull()) {
                    window.settle();
                }
            }
            case SYMLINK, HARD_LINK -> links.add(entry);
        }
    }

    private void directory(Path folder, Entry entry) throws IOException {
        try {
            Files.createDirectory(folder, rights.toMake(entry.attributes()));
        } catch (IOException e) {
            throw StagingWindow.failure(tree, entry.path(), e);
        }
    }

    private void link(Entry entry) throws IOException {
        Path link = StagingFolders.in(stage, entry.path());
        String target = entry.linkTarget().orElseThrow();
        try {
            if (entry.type() == EntryType.HARD_LINK) {
                Path first = StagingFolders.in(stage, EntryPath.of(target));
                if (!Files.isRegularFile(first, NOFOLLOW_LINKS)) {
                    throw tree.damaged(entry.path(), "is a link to " + target + ", which is no file", null);
                }
                Files.createLink(link, first);
            } else {
                Files.createSymbolicLink(link, stage.getFileSystem().getPath(target));
                attributes.apply(link, entry.attributes(), true);
            }
        } catch (IOException e) {
            throw StagingWindow.failure(tree, entry.path(), e);
        }
    }

    /** Those that stay open for their owner in any order; then the others from the leaves up, since each closes the way to what is in it. */
    private void settleFolders() throws IOException {
        FileIo.forEach(folders.size(), FOLDER_THREADS, () -> index -> {
            Entry entry = folders.get(index);
            Path folder = StagingFolders.in(stage, entry.path());
            if (entry.path().isRoot()) {
                attributes.apply(folder, entry.attributes(), false);
            } else if (staysOpen(entry)) {
                attributes.applyToMade(folder, entry.attributes(), rights);
            }
            DurableFiles.forceDirectory(folder);
        });
        for (int i = folders.size() - 1; i >= 0; i--) {
            if (!staysOpen(folders.get(i))) {
                Path folder = StagingFolders.in(stage, folders.get(i).path());
                attributes.apply(folder, folders.get(i).attributes(), false);
                forceAttributes(folder);
            }
        }
    }

    private static boolean staysOpen(Entry folder) {
        return (folder.attributes().mode().orElse(OPEN) & OPEN) == OPEN;
    }

    /** A folder whose mode forbids its owner to read cannot be opened again; its names are safe already. */
    private static void forceAttributes(Path folder) throws IOException {
        if (Files.isReadable(folder)) {
            DurableFiles.forceDirectory(folder);
        }
    }
}
