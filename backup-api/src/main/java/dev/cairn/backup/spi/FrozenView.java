package dev.cairn.backup.spi;

import dev.cairn.backup.LogPosition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A dataset as it was at the freeze. Read outside the barrier, while the host goes on writing.
 */
public interface FrozenView extends AutoCloseable {

    /**
     * All entries in path order, each path once. May be called once; contents may be opened from several threads until {@link #close}.
     *
     * @throws dev.cairn.backup.SourceException if the source cannot be read
     */
    EntryCursor entries();

    /**
     * What identifies the source itself, such as the inode of a root; a change marks the snapshot as suspect. Empty if the source has no
     * identity. Must be the same for the same source in every process.
     */
    default Optional<String> identity() {
        return Optional.empty();
    }

    /** Where the dataset's change log stood at the freeze, exactly; empty if it is not protected continuously or that cannot be told. Complete once all entries were read. */
    default Optional<LogPosition> logPosition() {
        return Optional.empty();
    }

    /** Named counts for the metadata, such as {@code sessions}; complete once all entries were read. */
    default Map<String, Long> counts() {
        return Map.of();
    }

    /**
     * The paths whose content may be newer than the freeze, complete once all contents were read; always empty unless the dataset was
     * declared without consistency.
     */
    default List<EntryPath> changedAfterCut() {
        return List.of();
    }

    /** Lets the pin go. Idempotent, any thread. */
    @Override
    void close();
}
