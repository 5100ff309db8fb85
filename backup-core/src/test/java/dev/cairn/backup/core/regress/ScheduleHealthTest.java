package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What health says of schedules. */
class ScheduleHealthTest {

    private final TestHost host = new TestHost();

    private void pass(Duration time) {
        host.clock.advance(time);
        host.ticker.advance(time);
    }

    @Test
    void aScheduleThatFailsDegradesUntilItSucceedsItself() {
        SnapshotManager manager = host.builder()
                .dataset(FakeDataset.of("other").file("b", "other"))
                .schedule("bad", every(1), DatasetSelection.only("data"), Retention.keepLast(3))
                .schedule("good", every(1), DatasetSelection.only("other"), Retention.keepLast(3))
                .open();
        host.data.failingAt(
                FakeDataset.Point.PREPARE,
                new SourceException("data", "cannot be read", "Nothing: a test wanted it", null));
        for (int round = 0; round < 3; round++) {
            manager.runIfDue();
            assertTrue(takenByGood(manager), "the other schedule goes on");
            assertEquals(BackupHealth.Status.DEGRADED, manager.health().status(), "round " + round);
            manager.create(SnapshotRequest.of().datasets(DatasetSelection.only("other")));
            assertEquals(BackupHealth.Status.DEGRADED, manager.health().status(), "a manual one mends nothing");
            pass(Duration.ofHours(1));
        }
        host.data.at(point -> {});
        assertTrue(
                manager.runIfDue().stream().anyMatch(taken -> taken.schedule().equals(Optional.of("bad"))));
        assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
    }

    private static boolean takenByGood(SnapshotManager manager) {
        return manager.list().stream().anyMatch(metadata -> metadata.schedule().equals(Optional.of("good")));
    }

    private static Recurrence every(int hours) {
        return Recurrence.every(Duration.ofHours(hours));
    }

    @Test
    void anOverdueFixedDistanceIsDueInThePast() {
        SnapshotManager manager = host.builder()
                .schedulesRunByHost()
                .schedule("hourly", every(1), DatasetSelection.all(), Retention.keepLast(3))
                .open();
        manager.runIfDue();
        Instant due = host.clock.instant().plus(Duration.ofHours(1));
        assertEquals(Optional.of(due), manager.health().nextDue());
        pass(Duration.ofHours(5));
        assertEquals(Optional.of(due), manager.health().nextDue());
    }

    @Test
    void anOverdueDailyOneIsDueInThePast() {
        SnapshotManager manager = host.builder()
                .schedulesRunByHost()
                .schedule(
                        "daily",
                        Recurrence.daily(LocalTime.of(3, 0), ZoneOffset.UTC),
                        DatasetSelection.all(),
                        Retention.keepLast(3))
                .open();
        pass(Duration.ofHours(5));
        assertEquals(
                Optional.of(Instant.parse("2026-01-01T03:00:00Z")),
                manager.health().nextDue());
    }
}
