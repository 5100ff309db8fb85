package dev.cairn.backup.spi;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;

/** What the engine lends a dataset while a snapshot is taken. */
public interface CaptureContext {

    /** The snapshot being taken. */
    SnapshotId snapshot();

    /**
     * Local room for temporary copies.
     *
     * @throws dev.cairn.backup.ConfigurationException if the host gave none and the state store has none
     */
    ScratchSpace scratch();

    /** Tells whether the work is still wanted; long work asks it at least every 8 MiB or 1000 entries. */
    CancellationToken cancellation();

    /** Adds a warning to the snapshot's report and manifest: one sentence, naming the path concerned. Any thread. */
    void warn(String warning);
}
