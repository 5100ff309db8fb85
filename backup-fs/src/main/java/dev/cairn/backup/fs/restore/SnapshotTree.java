package dev.cairn.backup.fs.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
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
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of a snapshot, checked before anything is made of it: order, links, names that this platform can carry. Only entries that belong to the
 * dataset as it is configured now are handed on. For one thread at a time.
 */
final class SnapshotTree {

    /**
     * A listing of so many entries, of about 1 KiB each, is kept from the check to the staging; a longer one is read and checked twice. At most a quarter of the heap and 128 MiB.
     */
    private static final int MOST_KEPT =
            (int) Math.min(128 * 1024, Runtime.getRuntime().maxMemory() / 4 / 1024);

    /** Receives entries in path order. */
    interface Visitor {
        void entry(EntryPath target, Entry entry) throws IOException;
    }

    private final DatasetReader reader;
    private final TreeRoot root;
    private @Nullable List<Entry> kept;

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

    /**
     * What all of it needs, once everything was checked.
     *
     * @param bytes content bytes
     * @param skipped entries that the dataset's globs leave out today
     */
    record Size(long bytes, long skipped) {}

    /** Checks everything, so that what follows finds nothing wrong but contents. */
    Size check() throws IOException {
        List<Entry> belonging = new ArrayList<>();
        Size size = read((path, entry) -> {
            if (belonging.size() <= MOST_KEPT) {
                belonging.add(entry);
            }
        });
        kept = belonging.size() <= MOST_KEPT ? belonging : null;
        return size;
    }

    /** The entries, each checked before it is handed on. */
    void forEach(Visitor visitor) throws IOException {
        List<Entry> known = kept;
        if (known == null) {
            read(visitor);
            return;
        }
        for (Entry entry : known) {
            visitor.entry(target(entry), entry);
        }
    }

    /** As {@link #forEach}, always from the snapshot; tells the size too. */
    Size read(Visitor visitor) throws IOException {
        ListingOrder order = new ListingOrder(this, root.folder().getFileSystem());
        long bytes = 0;
        long skipped = 0;
        try (EntryCursor entries = reader.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                order.check(entry);
                if (belongs(entry)) {
                    checkLink(entry);
                    bytes = sum(bytes, entry.size());
                    visitor.entry(target(entry), entry);
                } else {
                    skipped++;
                }
            }
        }
        return new Size(bytes, skipped);
    }

    private EntryPath target(Entry entry) {
        return root.fileName() != null ? EntryPath.of(root.fileName()) : entry.path();
    }

    private long sum(long bytes, long more) {
        if (more > Long.MAX_VALUE - bytes) {
            throw new LimitExceededException(
                    "the size in bytes of snapshot '" + reader.snapshot().id() + "'",
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    "Restore another snapshot");
        }
        return bytes + more;
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

    private void checkLink(Entry entry) {
        if (entry.type() == EntryType.SYMLINK) {
            checkTarget(entry);
        }
        if (entry.type() != EntryType.HARD_LINK) {
            return;
        }
        EntryPath first = firstName(entry);
        if (first.compareTo(entry.path()) >= 0) {
            throw damaged(entry.path(), "is a link to " + first + ", which does not come before it", null);
        }
        if (!root.selection().selects(first)) {
            throw new SourceException(
                    reader.summary().name(),
                    entry.path() + " is another name of " + first
                            + ", which the globs of the dataset, or the paths that were asked for, leave out",
                    "Include " + first + " too, or leave both out",
                    null);
        }
    }

    private EntryPath firstName(Entry entry) {
        try {
            return EntryPath.of(entry.linkTarget().orElseThrow());
        } catch (InvalidValueException e) {
            throw damaged(entry.path(), "is a link to what is no path: " + e.getMessage(), e);
        }
    }

    /** Where a symbolic link leads is its own affair, as nothing follows it; but the platform must be able to carry it. */
    private void checkTarget(Entry entry) {
        String target = entry.linkTarget().orElseThrow();
        try {
            root.folder().getFileSystem().getPath(target);
        } catch (InvalidPathException e) {
            throw damaged(entry.path(), "is a link that this platform cannot carry: " + e.getReason(), e);
        }
        if (target.isEmpty() || target.length() > EntryPath.MAX_LENGTH) {
            throw damaged(entry.path(), "is a link to a path of " + target.length() + " characters", null);
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
