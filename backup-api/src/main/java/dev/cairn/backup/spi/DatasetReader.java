package dev.cairn.backup.spi;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;

/** One dataset of one snapshot, for reading. Safe for use by many threads. */
public interface DatasetReader {

    /** The snapshot. */
    SnapshotMetadata snapshot();

    /** What the manifest says of the dataset. */
    DatasetSummary summary();

    /**
     * All entries in path order; contents verify themselves as they are read.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if the listing cannot be read
     */
    EntryCursor entries();
}
