package dev.cairn.backup.core.verify;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.InstantSource;
import java.util.List;

/** Reads everything of one snapshot at once. */
public final class SnapshotVerification {

    private SnapshotVerification() {}

    /**
     * Reads the snapshot.
     *
     * @param configured the names of the host's datasets; those that the snapshot lacks are named as warnings
     * @throws SnapshotNotFoundException if there is none
     * @throws BackupCancelledException if it was cancelled
     */
    public static VerificationReport of(
            SnapshotRepository repository,
            SnapshotId id,
            List<String> configured,
            InstantSource clock,
            CancellationToken cancellation) {
        SnapshotPassage passage =
                new SnapshotPassage(id, VerificationDepth.CONTENT, Position.START, Pace.FULL, cancellation);
        passage.read(repository, configured);
        return passage.report(clock.instant());
    }
}
