package dev.cairn.backup.spi;

/** Reads one snapshot. Safe for use by many threads. */
public interface SnapshotReader extends AutoCloseable {

    /** The manifest, as it was committed. */
    SnapshotManifest manifest();

    /**
     * One dataset of the snapshot.
     *
     * @throws dev.cairn.backup.InvalidValueException if the snapshot has none of that name
     */
    DatasetReader dataset(String name);

    @Override
    void close();
}
