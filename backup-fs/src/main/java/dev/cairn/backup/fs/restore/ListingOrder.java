package dev.cairn.backup.fs.restore;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.nio.file.FileSystem;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What must be true of the entries of a snapshot one after the other: strict path order, each in a folder, names for this platform. For one pass. */
final class ListingOrder {

    private final SnapshotTree tree;
    private final FileSystem fileSystem;
    private final Deque<String> folders = new ArrayDeque<>();
    private @Nullable EntryPath previous;

    ListingOrder(SnapshotTree tree, FileSystem fileSystem) {
        this.tree = tree;
        this.fileSystem = fileSystem;
    }

    /** @throws dev.cairn.backup.DamagedSnapshotException if the entry cannot follow the ones before it */
    void check(Entry entry) {
        EntryPath path = entry.path();
        if (previous != null && previous.compareTo(path) >= 0) {
            throw tree.damaged(path, "comes twice or out of order", null);
        }
        previous = path;
        if (path.isRoot()) {
            if (entry.type() != EntryType.DIRECTORY) {
                throw tree.damaged(path, "is the root of a tree and no folder", null);
            }
        } else {
            checkFolder(path);
            String problem = PlatformNames.problem(path.name(), fileSystem);
            if (problem != null) {
                throw tree.damaged(path, problem, null);
            }
        }
        if (entry.type() == EntryType.DIRECTORY) {
            folders.push(path.value());
        }
    }

    /** Entries come in path order, so the folders of a path are on the stack when it comes; what is not there is no folder. */
    private void checkFolder(EntryPath path) {
        int slash = path.value().lastIndexOf('/');
        while (!folders.isEmpty() && !isFolderOf(folders.getFirst(), path.value(), slash)) {
            folders.pop();
        }
        if (folders.isEmpty() && slash >= 0) {
            throw tree.damaged(path, "lies below something that is no folder", null);
        }
    }

    private static boolean isFolderOf(String folder, String path, int slash) {
        return folder.length() == Math.max(0, slash) && path.startsWith(folder);
    }
}
