package dev.cairn.backup.fs.tree;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Walks the part of a tree that belongs to a dataset: each name looked at once, links not followed, in path order. What must not be captured is refused
 * by name, without opening it. For one thread at a time.
 */
public final class TreeWalk {

    private final TreeRoot root;
    private final WalkListener listener;
    private final StateReader states;
    private long device = -1;

    /** A walk of the root. */
    public TreeWalk(TreeRoot root, WalkListener listener) {
        this.root = root;
        this.listener = listener;
        this.states = new StateReader(root.folder().getFileSystem());
    }

    /** The eyes of this walk. */
    public StateReader states() {
        return states;
    }

    /** The root folder, not yet scanned. */
    public TreeNode start() {
        try {
            FileState state = states.read(root.folder());
            device = state.device();
            return TreeNode.root(root.folder(), root.selection().selects(EntryPath.ROOT), state);
        } catch (IOException e) {
            throw unreadable(root.folder(), e);
        }
    }

    /** Scans the folder and all below it. */
    public TreeNode walk(TreeNode folder) {
        scan(folder);
        for (TreeNode child : folder.children()) {
            if (child.state().isDirectory()) {
                walk(child);
            }
        }
        return folder;
    }

    /** Reads the names in the folder and looks at each. A folder that is gone is empty; a root that is gone is an error. */
    public void scan(TreeNode folder) {
        rescan(folder, Map.of());
    }

    /**
     * The same, but looks only at names that are not those of known files, so at folders and links too. Whether a known file was
     * replaced is for its reader to find out.
     */
    public void rescan(TreeNode folder, Map<String, TreeNode> known) {
        Instant now = Instant.now();
        FolderNames names = names(folder);
        // A known file that got a sidecar has become a database.
        Map<String, TreeNode> kept = hasNewSidecar(names, known) ? Map.of() : known;
        FolderSelection selection = new FolderSelection(root.selection(), folder);
        List<TreeNode> children = new ArrayList<>(names.all().size());
        for (FolderNames.Name name : names.all()) {
            TreeNode old = kept.get(name.text());
            if (old != null && old.state().isFile()) {
                children.add(old);
                continue;
            }
            boolean selected = selection.selects(name.text());
            if (selected || selection.leadsThrough(name.text())) {
                look(folder, name, selected, names, children);
            }
        }
        if (root.isFile() && children.isEmpty()) {
            listener.missing(root.place());
        }
        folder.fill(children, now);
    }

    private static boolean hasNewSidecar(FolderNames names, Map<String, TreeNode> known) {
        if (known.isEmpty() || names.sidecars().isEmpty()) {
            return false;
        }
        return names.all().stream()
                .anyMatch(name -> !known.containsKey(name.text()) && Databases.baseOfSidecar(name.text()) != null);
    }

    private FolderNames names(TreeNode folder) {
        try {
            FolderNames names = FolderNames.of(folder.file());
            // The listing follows a link that has taken the folder's place since it was looked at.
            if (StateReader.isDirectory(folder.file())) {
                return names;
            }
            throw new NotDirectoryException(folder.file().toString());
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (folder.parent() == null) {
                throw unreadable(folder.file(), e);
            }
            listener.vanished(folder.path());
            return FolderNames.none();
        } catch (IOException e) {
            throw unreadable(folder.file(), e);
        }
    }

    private void look(
            TreeNode folder, FolderNames.Name listed, boolean selected, FolderNames names, List<TreeNode> children) {
        String name = listed.text();
        Path file = listed.file();
        listener.looked();
        try {
            FileState state = states.read(file);
            if (!selected && !state.isDirectory()) {
                return;
            }
            if (state.kind() == FileState.Kind.SPECIAL) {
                listener.warn(file + " is a pipe, socket or device and was left out");
                return;
            }
            refuseUnnameable(file, name);
            if (state.isFile() && names.isDatabase(name)) {
                listener.database(file);
            }
            if (state.isDirectory() && state.device() != device) {
                listener.warn(file + " is another file system; a restore refuses a tree with a mount point in it");
            }
            String target = state.kind() == FileState.Kind.SYMLINK
                    ? Files.readSymbolicLink(file).toString()
                    : null;
            children.add(TreeNode.child(folder, name, selected, target, state));
        } catch (NoSuchFileException | NotLinkException e) {
            listener.vanished(folder.path().resolve(name));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** A name that does not survive the way to text and back would be restored as another one, or replace a neighbour. */
    private void refuseUnnameable(Path file, String name) {
        if (PlainNames.isPlain(name)) {
            return;
        }
        boolean carried;
        try {
            carried = file.getFileSystem().getPath(name).equals(file.getFileName());
        } catch (InvalidPathException e) {
            carried = false;
        }
        if (!carried) {
            throw new SourceException(
                    listener.dataset(),
                    "the name of " + file + " is not text in this platform's encoding ("
                            + System.getProperty("sun.jnu.encoding") + ")",
                    "Rename the file, run with a UTF-8 locale, or exclude it by a glob",
                    null);
        }
    }

    private SourceException unreadable(Path file, IOException e) {
        return new SourceException(
                listener.dataset(),
                file + " cannot be read: " + e,
                "Give this process the right to read it, or exclude it",
                e);
    }
}
