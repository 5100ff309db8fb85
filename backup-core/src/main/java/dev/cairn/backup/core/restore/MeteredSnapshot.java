package dev.cairn.backup.core.restore;

import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;

/** Tells a meter what is read of a snapshot while it is staged. Closing it leaves the reader open. */
record MeteredSnapshot(SnapshotReader reader, ProgressMeter meter) implements SnapshotReader {

    @Override
    public SnapshotManifest manifest() {
        return reader.manifest();
    }

    @Override
    public DatasetReader dataset(String name) {
        meter.dataset(name);
        return new MeteredReader(reader.dataset(name), meter);
    }

    @Override
    public void close() {
        meter.report();
    }
}
