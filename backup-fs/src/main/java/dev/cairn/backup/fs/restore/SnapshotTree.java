package dev.cairn.backup.fs.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of a snapshot, checked before anything is made of it: order, links, names that this platform can carry. Only entries that belong to the
 * dataset as it is configured now are handed on.
 */
final class SnapshotTree {

    /** Receives entries in path order. */
    interface Visitor {
        void entry(EntryPath target, Entry entry) throws IOException;
    }

    private final DatasetReader reader;
    private final TreeRoot root;

    private SnapshotTree(DatasetReader reader, TreeRoot root) {
        this.reader = reader;
        this.root = root;
    }

    static SnapshotTree of(DatasetReader reader, TreeRoot root) {
        return new SnapshotTree(reader, root);
    }

    /** Whether the snapshot holds a single file instead of a tree, whose root would come first. */
    static boolean isSingleFile(DatasetReader reader) {
        try (EntryCursor entries = reader.entries()) {
            Entry first = entries.next();
            return first != null
                    && first.type() == EntryType.FILE
                    && first.path().parent().isRoot()
                    && entries.next() == null;
        }
    }

    /** What all of it needs, once everything was checked. */
    Size check() throws IOException {
        long[] bytes = {0};
        long[] skipped = {0};
        forEach(
                (path, entry) -> {
                    if (entry.size() > Long.MAX_VALUE - bytes[0]) {
                        throw new LimitExceededException(
                                "size of the snapshot", Long.MAX_VALUE, Long.MAX_VALUE, "Restore another snapshot");
                    }
                    bytes[0] += entry.size();
                },
                () -> skipped[0]++);
        return new Size(bytes[0], skipped[0]);
    }

    /**
     * @param bytes content bytes
     * @param skipped entries that the dataset's globs leave out today
     */
    record Size(long bytes, long skipped) {}

    void forEach(Visitor visitor) throws IOException {
        forEach(visitor, () -> {});
    }

    private void forEach(Visitor visitor, Runnable skip) throws IOException {
        Deque<EntryPath> folders = new ArrayDeque<>();
        EntryPath previous = null;
        try (EntryCursor entries = reader.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                EntryPath path = entry.path();
                checkOrder(previous, path);
                checkFolder(folders, path);
                checkName(path);
                if (entry.type() == EntryType.DIRECTORY) {
                    folders.push(path);
                }
                previous = path;
                if (belongs(entry)) {
                    checkLink(entry);
                    visitor.entry(root.fileName() != null ? EntryPath.of(root.fileName()) : path, entry);
                } else {
                    skip.run();
                }
            }
        }
    }

    private boolean belongs(Entry entry) {
        if (root.isFile()) {
            return true;
        }
        Selection selection = root.selection();
        return entry.path().isRoot()
                || selection.selects(entry.path())
                || (entry.type() == EntryType.DIRECTORY && selection.leadsThrough(entry.path()));
    }

    private void checkOrder(@Nullable EntryPath previous, EntryPath path) {
        if (previous != null && previous.compareTo(path) >= 0) {
            throw damaged(path, "comes twice or out of order", null);
        }
    }

    /** Entries come in path order, so the folders of a path are on the stack when it comes; what is not there is no folder. */
    private void checkFolder(Deque<EntryPath> folders, EntryPath path) {
        EntryPath parent = path.parent();
        while (!folders.isEmpty() && !folders.getFirst().equals(parent)) {
            folders.pop();
        }
        if (folders.isEmpty() && !parent.isRoot()) {
            throw damaged(path, "lies below something that is no folder", null);
        }
    }

    private void checkName(EntryPath path) {
        if (path.isRoot()) {
            return;
        }
        String problem = PlatformNames.problem(path.name(), root.folder().getFileSystem());
        if (problem != null) {
            throw damaged(path, problem, null);
        }
    }

    private void checkLink(Entry entry) {
        if (entry.type() != EntryType.HARD_LINK) {
            return;
        }
        EntryPath first = EntryPath.of(entry.linkTarget().orElseThrow());
        if (first.compareTo(entry.path()) >= 0) {
            throw damaged(entry.path(), "is a link to " + first + ", which does not come before it", null);
        }
        if (!root.selection().selects(first)) {
            throw new SourceException(
                    reader.summary().name(),
                    entry.path() + " is another name of " + first + ", which the globs of the dataset leave out",
                    "Include " + first + " too, or exclude both",
                    null);
        }
    }

    /** As {@link DatasetReader#contents}. */
    void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        reader.contents(files, sink, cancellation);
    }

    DamagedSnapshotException damaged(EntryPath path, String problem, @Nullable Throwable cause) {
        return new DamagedSnapshotException(
                reader.snapshot().id(),
                "entry '" + path + "' of dataset '" + reader.summary().name() + "'",
                problem,
                cause);
    }
}
