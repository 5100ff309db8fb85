package dev.cairn.backup.core.operate;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.core.operate.watch.KnownSnapshots;
import dev.cairn.backup.core.retain.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what {@code health()} answers up to date as operations end, so that asking costs nothing. Thread-safe. */
public final class HealthBoard {

    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> standing = new LinkedHashMap<>();
    private List<SnapshotId> suspects = List.of();
    private volatile KnownSnapshots known = KnownSnapshots.none();
    private @Nullable Instant lastSuccess;
    private @Nullable String lastFailure;
    private @Nullable ShutdownReport lastShutdown;
    private long snapshotsTotal;
    private long snapshotFailuresTotal;
    private long restoresTotal;
    private long restoreFailuresTotal;
    private long verificationsTotal;
    private long verificationFailuresTotal;
    private long prunedTotal;
    private long snapshots;
    private long snapshotBytes;
    private long lastSnapshotBytes;
    private Duration lastSnapshotElapsed = Duration.ZERO;
    private Duration lastBarrierHeld = Duration.ZERO;
    private long lastSnapshotEpochSeconds;
    private long lastRestoreEpochSeconds;

    /** A board with nothing on it. */
    public HealthBoard() {}

    /** Something that could be better and will stay so. */
    public synchronized void warn(String warning) {
        warnings.add(warning);
    }

    /** A problem that stands until {@link #solved} with the same key. */
    public synchronized void problem(String key, String sentence) {
        standing.put(key, sentence);
    }

    /** What is wrong under that key now, if anything is. */
    public synchronized void standing(String key, Optional<String> sentence) {
        sentence.ifPresentOrElse(told -> standing.put(key, told), () -> standing.remove(key));
    }

    /** The problem of that key is gone. */
    public synchronized void solved(String key) {
        standing.remove(key);
    }

    /** What the repository holds of this lineage, oldest first. */
    public void listed(List<Kept> lineage) {
        List<SnapshotMetadata> all = new ArrayList<>(lineage.size());
        List<SnapshotId> waiting = new ArrayList<>();
        for (Kept kept : lineage) { // At each snapshot of all that are there: a plain loop.
            all.add(kept.metadata());
            if (kept.isSuspect()) {
                waiting.add(kept.metadata().id());
            }
        }
        known = KnownSnapshots.of(lineage);
        listed(all, waiting);
    }

    /** What was known of the snapshots when they were listed last. */
    public KnownSnapshots known() {
        return known;
    }

    /** What the repository holds of this lineage. */
    synchronized void listed(List<SnapshotMetadata> lineage, List<SnapshotId> waitingSuspects) {
        snapshots = lineage.size();
        snapshotBytes = lineage.stream().mapToLong(SnapshotMetadata::sizeBytes).sum();
        suspects = List.copyOf(waitingSuspects);
        if (!lineage.isEmpty()) {
            SnapshotMetadata newest = lineage.get(lineage.size() - 1);
            lastSnapshotBytes = newest.sizeBytes();
            lastSnapshotEpochSeconds = newest.createdAt().getEpochSecond();
            if (lastSuccess == null || lastSuccess.isBefore(newest.createdAt())) {
                lastSuccess = newest.createdAt();
            }
        }
    }

    /** A snapshot was completed. */
    public synchronized void snapshotCompleted(SnapshotReport report) {
        snapshotsTotal++;
        lastSuccess = report.metadata().createdAt();
        lastFailure = null;
        lastSnapshotBytes = report.metadata().sizeBytes();
        lastSnapshotElapsed = report.elapsed();
        lastBarrierHeld = report.barrierHeld();
        lastSnapshotEpochSeconds = report.metadata().createdAt().getEpochSecond();
    }

    /** A snapshot failed. */
    public synchronized void snapshotFailed(String problem) {
        snapshotFailuresTotal++;
        lastFailure = problem;
    }

    /** A verification ended. */
    public synchronized void verified(SnapshotId id, boolean passed) {
        if (passed) {
            verificationsTotal++;
            standing.remove("verify " + id);
        } else {
            verificationFailuresTotal++;
            standing.put("verify " + id, "snapshot " + id + " is damaged");
        }
    }

    /** A snapshot was removed, and with it whatever was wrong with it. */
    public synchronized void removed(SnapshotId id) {
        standing.remove("verify " + id);
    }

    /** A restore was completed. */
    public synchronized void restored(Instant at) {
        restoresTotal++;
        lastRestoreEpochSeconds = at.getEpochSecond();
    }

    /** A restore failed or was refused. */
    public synchronized void restoreFailed() {
        restoreFailuresTotal++;
    }

    /** Snapshots were removed. */
    public synchronized void pruned(int count) {
        prunedTotal += count;
    }

    /** How the last shutdown ended. */
    public synchronized void lastShutdown(@Nullable ShutdownReport report) {
        lastShutdown = report;
    }

    /** The present state of a manager without continuous protection. */
    public BackupHealth health(Optional<Instant> nextDue, long droppedEvents) {
        return health(nextDue, droppedEvents, List.of(), List.of());
    }

    /**
     * The present state.
     *
     * @param protection how continuous protection stands
     * @param unprotected what is wrong with it, one sentence each
     */
    public synchronized BackupHealth health(
            Optional<Instant> nextDue,
            long droppedEvents,
            List<ProtectionStatus> protection,
            List<String> unprotected) {
        List<String> problems = new ArrayList<>(standing.values());
        problems.addAll(unprotected);
        if (lastFailure != null) {
            problems.add("the last snapshot failed: " + lastFailure);
        }
        if (!suspects.isEmpty()) {
            problems.add("suspect snapshots wait for acknowledgement: " + suspects);
        }
        if (lastShutdown != null && lastShutdown.outcome() == ShutdownReport.Outcome.FAILED && snapshotsTotal == 0) {
            problems.add("the snapshot at the last shutdown failed: " + lastShutdown.detail());
        }
        BackupHealth.Statistics statistics = new BackupHealth.Statistics(
                snapshotsTotal,
                snapshotFailuresTotal,
                restoresTotal,
                restoreFailuresTotal,
                verificationsTotal,
                verificationFailuresTotal,
                prunedTotal,
                droppedEvents,
                snapshots,
                snapshotBytes,
                lastSnapshotBytes,
                lastSnapshotElapsed,
                lastBarrierHeld,
                lastSnapshotEpochSeconds,
                lastRestoreEpochSeconds);
        return new BackupHealth(
                problems.isEmpty() ? BackupHealth.Status.HEALTHY : BackupHealth.Status.DEGRADED,
                problems,
                warnings,
                Optional.ofNullable(lastSuccess),
                Optional.ofNullable(lastFailure),
                nextDue,
                Optional.ofNullable(lastShutdown),
                suspects,
                protection,
                statistics);
    }
}
