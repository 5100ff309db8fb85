package dev.cairn.backup.core.point;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;

/** A point as a snapshot that has its dataset only. Its manifest is the base's. */
record PointSnapshot(SnapshotReader base, RestorePoint point, PointDataset dataset) implements SnapshotReader {

    @Override
    public SnapshotManifest manifest() {
        return base.manifest();
    }

    @Override
    public DatasetReader dataset(String name) {
        if (!name.equals(point.dataset())) {
            throw new InvalidValueException("dataset", name, "'" + point.dataset() + "', the only one of this point");
        }
        return dataset;
    }

    @Override
    public void close() {
        base.close();
    }
}
