package dev.cairn.backup.core.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthBoardTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final HealthBoard board = new HealthBoard();

    @Test
    void anEmptyBoardIsHealthy() {
        BackupHealth health = health();
        assertEquals(BackupHealth.Status.HEALTHY, health.status());
        assertEquals(Optional.empty(), health.lastSuccess());
        assertEquals(0, health.statistics().lastSnapshotEpochSeconds());
    }

    @Test
    void aFailureDegradesUntilTheNextSuccess() {
        board.snapshotFailed("disk full");
        assertEquals(BackupHealth.Status.DEGRADED, health().status());
        assertEquals(Optional.of("disk full"), health().lastFailure());
        assertTrue(health().problems().get(0).contains("disk full"));
        board.snapshotCompleted(report());
        assertEquals(BackupHealth.Status.HEALTHY, health().status());
        assertEquals(Optional.empty(), health().lastFailure());
        assertEquals(Optional.of(NOW), health().lastSuccess());
    }

    @Test
    void aStandingProblemStaysUntilItIsSolved() {
        board.problem("store", "cannot be reached");
        board.problem("store", "still cannot");
        assertEquals(List.of("still cannot"), health().problems());
        board.solved("store");
        board.solved("store");
        assertEquals(BackupHealth.Status.HEALTHY, health().status());
    }

    @Test
    void warningsDoNotDegrade() {
        board.warn("same disk");
        assertEquals(List.of("same disk"), health().warnings());
        assertEquals(BackupHealth.Status.HEALTHY, health().status());
    }

    @Test
    void suspectsDegradeUntilTheyAreListedNoMore() {
        board.listed(List.of(report().metadata()), List.of(SnapshotId.of("snap-1")));
        assertEquals(List.of(SnapshotId.of("snap-1")), health().suspects());
        assertEquals(BackupHealth.Status.DEGRADED, health().status());
        board.listed(List.of(report().metadata()), List.of());
        assertEquals(BackupHealth.Status.HEALTHY, health().status());
    }

    @Test
    void damageDegradesUntilTheSameSnapshotIsVerifiedAgain() {
        board.verified(SnapshotId.of("a"), false);
        board.verified(SnapshotId.of("b"), true);
        assertEquals(BackupHealth.Status.DEGRADED, health().status());
        board.verified(SnapshotId.of("a"), true);
        assertEquals(BackupHealth.Status.HEALTHY, health().status());
        assertEquals(2, health().statistics().verificationsTotal());
        assertEquals(1, health().statistics().verificationFailuresTotal());
    }

    @Test
    void aFailedShutdownDegradesUntilASnapshotSucceeds() {
        ShutdownReport failed =
                new ShutdownReport(ShutdownReport.Outcome.FAILED, Optional.empty(), "too slow", NOW, Duration.ZERO);
        board.lastShutdown(failed);
        assertEquals(Optional.of(failed), health().lastShutdown());
        assertEquals(BackupHealth.Status.DEGRADED, health().status());
        board.snapshotCompleted(report());
        assertEquals(BackupHealth.Status.HEALTHY, health().status());
    }

    @Test
    void totalsCountAndTheRestIsThePresentState() {
        board.listed(List.of(report().metadata(), report().metadata()), List.of());
        board.snapshotCompleted(report());
        board.snapshotCompleted(report());
        board.snapshotFailed("x");
        board.restored(NOW.plusSeconds(5));
        board.restoreFailed();
        board.pruned(4);
        BackupHealth.Statistics statistics = board.health(Optional.of(NOW), 9).statistics();
        assertEquals(
                new BackupHealth.Statistics(
                        2,
                        1,
                        1,
                        1,
                        0,
                        0,
                        4,
                        9,
                        2,
                        200,
                        100,
                        Duration.ofSeconds(3),
                        Duration.ofMillis(2),
                        NOW.getEpochSecond(),
                        NOW.plusSeconds(5).getEpochSecond()),
                statistics);
        assertEquals(Optional.of(NOW), board.health(Optional.of(NOW), 9).nextDue());
    }

    private BackupHealth health() {
        return board.health(Optional.empty(), 0);
    }

    private static SnapshotReport report() {
        SnapshotMetadata metadata = SnapshotMetadata.builder(SnapshotId.of("snap-1"), NOW)
                .datasets(List.of(new DatasetSummary("a", "fake", true, 1, 100, Optional.empty(), Map.of())))
                .build();
        return new SnapshotReport(metadata, Duration.ofMillis(2), Duration.ofSeconds(3), List.of(), List.of());
    }
}
