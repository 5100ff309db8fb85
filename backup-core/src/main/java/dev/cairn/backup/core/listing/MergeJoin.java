package dev.cairn.backup.core.listing;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.EntryPath;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parent's entries for a walk in path order, by going through the parent's listing beside it: no map, one pass, whatever either side has
 * that the other has not. For one thread.
 */
public final class MergeJoin {

    private final ListingReader.@Nullable Cursor parent;
    private @Nullable ListedEntry ahead;
    private @Nullable EntryPath asked;

    /** @param parent the parent's entries, or null if there is no parent: then nothing is ever found */
    public MergeJoin(ListingReader.@Nullable Cursor parent) {
        this.parent = parent;
    }

    /**
     * The parent's entry of that path, or null if it has none.
     *
     * @param path comes after all that were asked for before
     * @throws InvalidValueException if it does not
     * @throws dev.cairn.backup.BackupException if the parent's listing cannot be read on; nothing is found from then on
     */
    public @Nullable ListedEntry at(EntryPath path) {
        if (asked != null && PathOrder.compare(asked.value(), path.value()) >= 0) {
            throw new InvalidValueException("entry path", path, "a path after '" + asked + "'");
        }
        boolean first = asked == null;
        asked = path;
        if (parent == null) {
            return null;
        }
        if (first) {
            ahead = parent.next();
        }
        while (ahead != null) {
            int order = PathOrder.compare(ahead.path().value(), path.value());
            if (order >= 0) {
                return order == 0 ? ahead : null;
            }
            ahead = null;
            ahead = parent.next();
        }
        return null;
    }
}
