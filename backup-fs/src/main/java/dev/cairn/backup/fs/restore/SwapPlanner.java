package dev.cairn.backup.fs.restore;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.restore.SwapJournal.Folder;
import dev.cairn.backup.fs.restore.SwapJournal.Move;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what moves: each child of the root as a whole if all in it belongs to the dataset; otherwise the folder stays, with what does not belong, and its
 * children are looked at in turn. Reads only.
 */
final class SwapPlanner {

    private final String dataset;
    private final TreeRoot root;
    private final Path live;
    private final Path stage;
    private final RestoreScope scope;
    private final StateReader states;
    private final long device;
    private final List<Move> moves = new ArrayList<>();
    private final List<Folder> folders = new ArrayList<>();

    SwapPlanner(String dataset, TreeRoot root, Path live, Path stage, RestoreScope scope) throws IOException {
        this.dataset = dataset;
        this.root = root;
        this.live = live;
        this.stage = stage;
        this.scope = scope;
        this.states = new StateReader(live.getFileSystem());
        this.device = states.read(live).device();
    }

    SwapJournal plan() throws IOException {
        folder(EntryPath.ROOT, true);
        return new SwapJournal(moves, folders, scope);
    }

    private void folder(EntryPath path, boolean staged) throws IOException {
        FileState old = states.read(StagingFolders.in(live, path));
        boolean owned = staged && !root.isFile() && root.selection().selects(path);
        folders.add(new Folder(
                path,
                staged,
                SwapJournal.attributes(old),
                owned ? SwapJournal.attributes(states.read(StagingFolders.in(stage, path))) : null));
        Set<String> names = names(StagingFolders.in(live, path));
        if (staged) {
            names.addAll(names(StagingFolders.in(stage, path)));
        }
        for (String name : names) {
            if (!name.startsWith(Selection.RESERVED)) {
                child(path.resolve(name));
            }
        }
    }

    private void child(EntryPath path) throws IOException {
        FileState old = look(StagingFolders.in(live, path));
        FileState fresh = look(StagingFolders.in(stage, path));
        boolean selected = root.selection().selects(path);
        if (old == null) {
            // Neither: it was removed since the names were listed.
            if (fresh != null) {
                moves.add(new Move(path, false, true));
            }
        } else if (scope.overlay()) {
            lay(path, old, fresh, selected);
        } else if (!old.isDirectory()) {
            if (selected) {
                moves.add(new Move(path, true, fresh != null));
            } else if (fresh != null) {
                throw conflict(
                        path, "is no folder and does not belong to the dataset, but the snapshot has a folder there");
            }
        } else if (selected && isWhole(path)) {
            moves.add(new Move(path, true, fresh != null));
        } else if (fresh != null && !fresh.isDirectory()) {
            throw conflict(path, "holds what does not belong to the dataset, but the snapshot has no folder there");
        } else if (fresh != null || selected || root.selection().leadsThrough(path)) {
            folder(path, fresh != null);
        }
    }

    /** Only what the snapshot has is touched: folders stay and are looked into, everything else changes places. */
    private void lay(EntryPath path, FileState old, @Nullable FileState fresh, boolean selected) throws IOException {
        if (fresh == null) {
            return;
        }
        if (old.isDirectory() && fresh.isDirectory()) {
            folder(path, true);
        } else if (old.isDirectory() || !selected) {
            throw conflict(
                    path,
                    old.isDirectory()
                            ? "is a folder, whose content an overlay leaves alone, but the snapshot has none there"
                            : "does not belong to the dataset, but the snapshot has something there");
        } else {
            moves.add(new Move(path, true, true));
        }
    }

    private boolean isWhole(EntryPath folder) throws IOException {
        Path place = StagingFolders.in(live, folder);
        if (states.read(place).device() != device) {
            throw conflict(folder, "is a mount point");
        }
        boolean whole = true;
        for (String name : names(place)) {
            EntryPath path = folder.resolve(name);
            FileState state = look(place.resolve(name));
            boolean selected = root.selection().selects(path);
            whole &= selected && (state == null || !state.isDirectory() || isWhole(path));
        }
        return whole;
    }

    private @Nullable FileState look(Path file) throws IOException {
        try {
            return states.read(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static Set<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getCause());
        }
        return names;
    }

    private SourceException conflict(EntryPath path, String problem) {
        return new SourceException(
                dataset,
                StagingFolders.in(live, path) + " " + problem,
                "Move it away, or change the globs of the dataset, and restore again",
                null);
    }
}
