package dev.cairn.backup.spi;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import java.io.IOException;
import java.util.List;

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

    /**
     * The entry at a path and all that are below it, in path order. A repository that can does not read the rest of the listing.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if the listing cannot be read
     */
    default EntryCursor entries(EntryPath top) {
        return new EntriesBelow(entries(), top);
    }

    /**
     * Hands out the contents of many files in whatever order is cheapest for the repository, and by several threads. Returns when all were handed out or one
     * failed. What is handed out is verified.
     *
     * @param files entries of this dataset as {@link #entries} gave them, each once
     * @throws dev.cairn.backup.DamagedSnapshotException if a content cannot be read
     * @throws dev.cairn.backup.BackupCancelledException if it was cancelled
     * @throws IOException what the sink threw, or if a content cannot be read
     */
    default void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        ContentSink.inOrder(this, files, sink, cancellation);
    }
}
