package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How well the host is protected at this moment.
 *
 * @param status the sum of it
 * @param problems what is wrong, one sentence each; empty if healthy
 * @param warnings what could be better, one sentence each, such as a repository on the same disk as the data
 * @param lastSuccess when the last snapshot was completed by this lineage
 * @param lastFailure what failed last, if it failed after the last success
 * @param nextDue when the next scheduled snapshot is due; in the past if it is overdue
 * @param lastShutdown what became of the snapshot at the last shutdown
 * @param suspects snapshots that wait for an operator's acknowledgement
 * @param protection how far the continuous protection of each dataset that has it has come
 * @param statistics the values behind metrics
 * @param datasets how well each dataset is protected, in the order in which they were declared
 * @param schedules how each schedule does, in that order
 * @param alerts what is not as it should be, oldest first
 * @param stored how large the repository is; empty if it cannot tell cheaply or was not measured yet
 */
public record BackupHealth(
        Status status,
        List<String> problems,
        List<String> warnings,
        Optional<Instant> lastSuccess,
        Optional<String> lastFailure,
        Optional<Instant> nextDue,
        Optional<ShutdownReport> lastShutdown,
        List<SnapshotId> suspects,
        List<ProtectionStatus> protection,
        Statistics statistics,
        List<DatasetHealth> datasets,
        List<ScheduleHealth> schedules,
        List<BackupAlert> alerts,
        Optional<StoredSize> stored) {

    /** Copies the lists. */
    public BackupHealth {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        suspects = List.copyOf(suspects);
        protection = List.copyOf(protection);
        datasets = List.copyOf(datasets);
        schedules = List.copyOf(schedules);
        alerts = List.copyOf(alerts);
    }

    /** Health before it is measured against schedules and objectives. */
    public BackupHealth(
            Status status,
            List<String> problems,
            List<String> warnings,
            Optional<Instant> lastSuccess,
            Optional<String> lastFailure,
            Optional<Instant> nextDue,
            Optional<ShutdownReport> lastShutdown,
            List<SnapshotId> suspects,
            List<ProtectionStatus> protection,
            Statistics statistics) {
        this(
                status,
                problems,
                warnings,
                lastSuccess,
                lastFailure,
                nextDue,
                lastShutdown,
                suspects,
                protection,
                statistics,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** The sum of it. */
    public enum Status {
        /** Snapshots are taken as configured. */
        HEALTHY,
        /** The host runs, and its protection is weaker than configured. */
        DEGRADED
    }

    /**
     * The values behind metrics. Totals count since the manager was opened; the others are the present state.
     *
     * @param snapshotsTotal snapshots completed
     * @param snapshotFailuresTotal snapshots failed
     * @param restoresTotal restores completed
     * @param restoreFailuresTotal restores failed or refused
     * @param verificationsTotal verifications that passed
     * @param verificationFailuresTotal verifications that found damage
     * @param prunedTotal snapshots removed
     * @param droppedEventsTotal events that slow listeners lost
     * @param snapshots snapshots of this lineage in the repository
     * @param snapshotBytes content bytes of all of them, before whatever the repository saves
     * @param lastSnapshotBytes content bytes of the newest
     * @param lastSnapshotElapsed how long the newest took
     * @param lastBarrierHeld how long it held the barrier
     * @param lastSnapshotEpochSeconds when it was taken, seconds since 1970; 0 if never
     * @param lastRestoreEpochSeconds when the last restore was completed, seconds since 1970; 0 if never since opening
     */
    public record Statistics(
            long snapshotsTotal,
            long snapshotFailuresTotal,
            long restoresTotal,
            long restoreFailuresTotal,
            long verificationsTotal,
            long verificationFailuresTotal,
            long prunedTotal,
            long droppedEventsTotal,
            long snapshots,
            long snapshotBytes,
            long lastSnapshotBytes,
            Duration lastSnapshotElapsed,
            Duration lastBarrierHeld,
            long lastSnapshotEpochSeconds,
            long lastRestoreEpochSeconds) {}
}
