package dev.cairn.backup.core.inspect;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import java.util.Optional;

/**
 * One entry that two snapshots do not have alike.
 *
 * @param dataset the dataset
 * @param path where it is
 * @param kind what is not alike
 * @param before the entry of the first snapshot; empty if it was added
 * @param after the entry of the second snapshot; empty if it was removed
 */
public record EntryChange(String dataset, EntryPath path, Kind kind, Optional<Entry> before, Optional<Entry> after) {

    /** What is not alike, the strongest that is true. */
    public enum Kind {
        /** Only the second snapshot has it. */
        ADDED,
        /** Only the first snapshot has it. */
        REMOVED,
        /** It is something else, such as a folder that was a file. */
        TYPE,
        /** Other bytes, or another target of a link. */
        CONTENT,
        /** Only time, mode, owner or group are others. */
        ATTRIBUTES
    }

    static EntryChange of(String dataset, Kind kind, Entry before, Entry after) {
        return new EntryChange(dataset, after.path(), kind, Optional.of(before), Optional.of(after));
    }

    static EntryChange added(String dataset, Entry entry) {
        return new EntryChange(dataset, entry.path(), Kind.ADDED, Optional.empty(), Optional.of(entry));
    }

    static EntryChange removed(String dataset, Entry entry) {
        return new EntryChange(dataset, entry.path(), Kind.REMOVED, Optional.of(entry), Optional.empty());
    }
}
