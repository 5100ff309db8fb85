package dev.cairn.backup.core.inspect;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, looked at without restoring it. Reads the listings and the contents that are asked for, nothing else; contents verify themselves as they are read.
 *
 * <p>Safe for many threads. The reader stays the caller's to close, and what is handed out can be read until then. Every method throws {@link InvalidValueException} for a dataset that the snapshot
 * does not have, and {@link dev.cairn.backup.DamagedSnapshotException} if the listing cannot be read.
 */
public final class SnapshotContents {

    private final SnapshotReader snapshot;

    private SnapshotContents(SnapshotReader snapshot) {
        this.snapshot = snapshot;
    }

    /** What a snapshot holds. */
    public static SnapshotContents of(SnapshotReader snapshot) {
        return new SnapshotContents(snapshot);
    }

    /** The entry at {@code top}, if there is one, and all that are below it, in path order. Memory does not grow with their number. */
    public EntryCursor tree(String dataset, EntryPath top) {
        return snapshot.dataset(dataset).entries(top);
    }

    /**
     * What a folder holds, without what its folders hold, in path order; of anything but a folder the entry itself. A folder of which the dataset tells only by the paths of what it holds is in the
     * answer too, without attributes.
     *
     * @throws InvalidValueException if the snapshot has nothing at that path
     */
    public EntryCursor folder(String dataset, EntryPath top) {
        EntryCursor below = tree(dataset, top);
        try {
            Entry first = below.next();
            if (first == null && !top.isRoot()) {
                throw missing(dataset, top);
            }
            return new FolderCursor(below, first, top);
        } catch (RuntimeException | Error e) {
            below.close();
            throw e;
        }
    }

    /** The entry at a path; empty if there is none. */
    public Optional<Entry> find(String dataset, EntryPath path) {
        try (EntryCursor below = tree(dataset, path)) {
            Entry first = below.next();
            return Optional.ofNullable(first).filter(entry -> entry.path().equals(path));
        }
    }

    /**
     * The bytes of a file, or of the file that a hard link names.
     *
     * @throws InvalidValueException if there is no file at that path: nothing at all, a folder, or a symbolic link, whose target is told and not followed
     */
    public EntryContent content(String dataset, EntryPath path) {
        Entry entry = find(dataset, path).orElseThrow(() -> missing(dataset, path));
        return switch (entry.type()) {
            case FILE -> entry.content();
            case HARD_LINK -> linked(dataset, entry);
            case DIRECTORY -> throw new InvalidValueException("path", told(dataset, path), "a file; this is a folder");
            case SYMLINK ->
                throw new InvalidValueException(
                        "path",
                        told(dataset, path),
                        "a file; this is a symbolic link to '"
                                + entry.linkTarget().orElse("") + "'");
        };
    }

    private EntryContent linked(String dataset, Entry link) {
        EntryPath first = EntryPath.of(link.linkTarget().orElseThrow());
        return find(dataset, first)
                .filter(entry -> entry.type() == EntryType.FILE)
                .map(Entry::content)
                .orElseThrow(() -> missing(dataset, first));
    }

    private InvalidValueException missing(String dataset, EntryPath path) {
        return new InvalidValueException(
                "path",
                told(dataset, path),
                "one that snapshot '" + snapshot.manifest().metadata().id() + "' has; list the folder it should be in");
    }

    private static String told(String dataset, EntryPath path) {
        return dataset + "/" + path;
    }

    /** Leaves out what is deeper, and tells of folders that have no entry. */
    private static final class FolderCursor implements EntryCursor {

        private final EntryCursor below;
        private final EntryPath top;
        private @Nullable Entry ahead;
        private @Nullable EntryPath last;

        FolderCursor(EntryCursor below, @Nullable Entry first, EntryPath top) {
            this.below = below;
            this.top = top;
            this.ahead = first;
            if (first != null && first.path().equals(top) && first.type() == EntryType.DIRECTORY) {
                this.ahead = below.next();
            }
        }

        @Override
        public @Nullable Entry next() {
            while (true) {
                Entry entry = ahead;
                if (entry == null) {
                    return null;
                }
                ahead = below.next();
                EntryPath child = child(entry.path());
                if (!child.equals(last)) {
                    last = child;
                    return child.equals(entry.path()) ? entry : Entry.directory(child, EntryAttributes.NONE);
                }
            }
        }

        private EntryPath child(EntryPath path) {
            int from = top.isRoot() ? 0 : top.value().length() + 1;
            int slash = from > path.value().length() ? -1 : path.value().indexOf('/', from);
            return slash < 0 ? path : EntryPath.of(path.value().substring(0, slash));
        }

        @Override
        public void close() {
            below.close();
        }
    }
}
