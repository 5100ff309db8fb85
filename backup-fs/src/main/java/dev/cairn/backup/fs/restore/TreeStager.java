package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a snapshot's tree into the staging folder: folders and files, then further names of files, then symbolic links, which therefore never lie on the way
 * of anything; folders get their attributes last, from the leaves up, and are forced. For one use.
 */
final class TreeStager {

    private static final int ENTRIES_BETWEEN_QUESTIONS = 1000;

    /** Files are forced some at a time: the first force of a batch makes a journalling file system write most of the others too. */
    private static final int BATCH_FILES = 256;

    private static final long BATCH_BYTES = 64L << 20;

    private final SnapshotTree tree;
    private final Path stage;
    private final CancellationToken cancellation;
    private final Thread caller = Thread.currentThread();
    private final AttributeWriter attributes = new AttributeWriter();
    private final List<Entry> folders = new ArrayList<>();
    private final List<Entry> links = new ArrayList<>();
    private final List<StagedFile> batch = new ArrayList<>();
    private long batchBytes;
    private int entries;

    TreeStager(SnapshotTree tree, Path stage, CancellationToken cancellation) {
        this.tree = tree;
        this.stage = stage;
        this.cancellation = cancellation;
    }

    void write() throws IOException {
        FileIo.call(() -> {
            tree.forEach(this::entry);
            settleBatch();
            for (Entry link : links) {
                link(link);
            }
            for (int i = folders.size() - 1; i >= 0; i--) {
                Path folder = StagingFolders.in(stage, folders.get(i).path());
                DurableFiles.forceDirectory(folder);
                attributes.apply(folder, folders.get(i).attributes(), false);
                forceAttributes(folder);
            }
            DurableFiles.forceDirectory(stage);
            return stage;
        });
    }

    /** A folder whose mode forbids its owner to read cannot be opened again; its names are safe already. */
    private static void forceAttributes(Path folder) throws IOException {
        if (Files.isReadable(folder)) {
            DurableFiles.forceDirectory(folder);
        }
    }

    private void entry(EntryPath target, Entry entry) throws IOException {
        if (++entries % ENTRIES_BETWEEN_QUESTIONS == 0) {
            stopIfCancelled();
        }
        Path file = StagingFolders.in(stage, target);
        try {
            switch (entry.type()) {
                case DIRECTORY -> {
                    if (!target.isRoot()) {
                        Files.createDirectory(file, DurableFiles.ownerOnly(file, "rwx------"));
                    }
                    folders.add(entry);
                }
                case FILE -> file(file, entry);
                case SYMLINK, HARD_LINK -> links.add(entry);
            }
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private void file(Path file, Entry entry) throws IOException {
        batch.add(StagedFile.write(file, entry, this::wrote));
        if (batch.size() >= BATCH_FILES || batchBytes >= BATCH_BYTES) {
            settleBatch();
        }
    }

    private void wrote(int bytes) {
        long before = batchBytes >> 22;
        batchBytes += bytes;
        if (batchBytes >> 22 != before) {
            stopIfCancelled();
        }
    }

    private void settleBatch() throws IOException {
        for (StagedFile file : batch) {
            file.settle(attributes);
        }
        batch.clear();
        batchBytes = 0;
    }

    private void link(Entry entry) throws IOException {
        Path link = StagingFolders.in(stage, entry.path());
        String target = entry.linkTarget().orElseThrow();
        try {
            if (entry.type() == dev.cairn.backup.spi.EntryType.HARD_LINK) {
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
            throw failure(entry.path(), e);
        }
    }

    /** The path order was checked, so a taken name means that this file system takes two names for one, such as {@code a} and {@code A}. */
    private IOException failure(EntryPath path, IOException e) throws BackupException {
        if (e instanceof FileAlreadyExistsException) {
            throw tree.damaged(path, "has a name that this file system does not tell from another one's", e);
        }
        if (e instanceof StagedFile.WrongSizeException) {
            throw tree.damaged(path, String.valueOf(e.getMessage()), e);
        }
        return e;
    }

    private void stopIfCancelled() {
        if (cancellation.isCancelled() || caller.isInterrupted()) {
            throw new BackupCancelledException("The staging of a restore into " + stage);
        }
    }
}
