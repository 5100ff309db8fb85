package dev.cairn.backup.core;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.capture.CaptureOrder;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.retain.RetentionPools;

/** A base for continuous protection: a snapshot of one dataset, then retention, which never makes it fail. */
final class ContinuousSnapshots {

    private final EmbeddedManager manager;
    private final HealthBoard board;

    ContinuousSnapshots(EmbeddedManager manager, HealthBoard board) {
        this.manager = manager;
        this.board = board;
    }

    SnapshotMetadata take(String dataset) {
        return manager.operate("a base", opened -> {
            CaptureOrder order = CaptureOrder.of(
                            SnapshotTrigger.PERIODIC, DatasetSelection.only(dataset), new CancellationToken())
                    .by(RetentionPools.CONTINUOUS);
            SnapshotMetadata taken = manager.take(opened, order, false).metadata();
            try {
                manager.pruneBy(RetentionPools.CONTINUOUS, opened);
                board.solved("prune");
            } catch (BackupException e) {
                board.problem("prune", "could not prune: " + e.getMessage());
            }
            return taken;
        });
    }
}
