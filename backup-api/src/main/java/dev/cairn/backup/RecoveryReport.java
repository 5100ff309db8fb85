package dev.cairn.backup;

import java.util.List;
import java.util.Optional;

/**
 * What the recovery of interrupted restores did at the start of a host.
 *
 * @param restores each restore that was pending, oldest first; empty if none was
 */
public record RecoveryReport(List<Recovered> restores) {

    /** Copies the list. */
    public RecoveryReport {
        restores = List.copyOf(restores);
    }

    /** Whether there was nothing to do. */
    public boolean nothingPending() {
        return restores.isEmpty();
    }

    /**
     * One restore that was pending.
     *
     * @param restoreId its id
     * @param target the snapshot it was to restore
     * @param safetySnapshot the snapshot of the state before, if one was taken
     * @param outcome what became of it
     * @param awaiting datasets in memory for which a value waits that is handed to them when the manager opens: of an undone restore the one from before it, of one that was prepared while
     *     the host was down the restored one
     */
    public record Recovered(
            String restoreId,
            SnapshotId target,
            Optional<SnapshotId> safetySnapshot,
            Outcome outcome,
            List<String> awaiting) {

        /** Copies the list. */
        public Recovered {
            awaiting = List.copyOf(awaiting);
        }
    }

    /** How a pending restore was ended. */
    public enum Outcome {
        /** It had succeeded; only the cleaning up was left. */
        FINISHED,
        /** It had not; all datasets are as they were before it. */
        UNDONE
    }
}
