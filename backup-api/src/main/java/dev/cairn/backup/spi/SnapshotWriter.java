package dev.cairn.backup.spi;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import java.util.Optional;

/** Writes one snapshot. For one thread; closing it without {@link #commit} leaves at most a remnant that is never listed as a snapshot. */
public interface SnapshotWriter extends AutoCloseable {

    /** The claimed id. */
    SnapshotId id();

    /** The claimed sequence number, at least 1. */
    long sequence();

    /**
     * Stores all entries of a dataset. Contents may be opened by several threads at a time.
     *
     * @param before an earlier snapshot of the same lineage that holds the dataset. Contents that the dataset identifies as unchanged since then may be taken from it without being read; one
     *     that is gone or cannot be read only costs that saving
     * @param progress told what was stored; any thread
     * @return what was stored, for the manifest
     */
    DatasetSummary write(
            Dataset dataset,
            FrozenView view,
            Optional<SnapshotId> before,
            EntryProgress progress,
            CancellationToken cancellation);

    /** Forgets and removes what was written so far, so that the datasets can be written again under the same id. */
    void restart();

    /**
     * Commits the snapshot: when this returns it is durable and listed. After a failure it is absent or complete.
     *
     * @throws dev.cairn.backup.StoreException if it is not committed, or {@code OUTCOME_UNKNOWN}
     */
    void commit(SnapshotManifest manifest);

    @Override
    void close();

    /** Told how far a dataset has come. */
    @FunctionalInterface
    interface EntryProgress {

        /**
         * @param entries entries stored since the last call
         * @param bytes content bytes stored since the last call
         */
        void advanced(long entries, long bytes);
    }
}
