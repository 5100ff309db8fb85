package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertEvent.Change;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoredSize;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.spi.BlobInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A manager's health against its schedules and objectives, over days of a clock that tests move. */
class ObjectiveHealthTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestHost host = new TestHost();

    private void pass(Duration time) {
        host.clock.advance(time);
        host.ticker.advance(time);
    }

    private CairnBuilder hourly() {
        return host.builder()
                .schedule(
                        "hourly",
                        Recurrence.every(Duration.ofHours(1)),
                        DatasetSelection.all(),
                        Retention.keepLast(100));
    }

    private List<String> alerts() {
        return host.events(AlertEvent.class).stream()
                .map(event -> event.change() + " " + event.alert().kind() + " "
                        + event.alert().subject())
                .toList();
    }

    @Test
    void aHostThatCallsAndLooksEveryMinuteOfThreeDaysHearsNothing() {
        try (SnapshotManager manager = hourly().objective(
                        DatasetSelection.all(), Objective.losingAtMost(Duration.ofHours(1)))
                .open()) {
            for (int minute = 0; minute < 3 * 24 * 60; minute++) {
                manager.runIfDue();
                BackupHealth health = manager.health();
                assertEquals(
                        BackupHealth.Status.HEALTHY,
                        health.status(),
                        health.problems().toString());
                assertEquals(
                        Optional.of(MINUTE.multipliedBy(minute % 60)),
                        health.datasets().get(0).rpo());
                pass(MINUTE);
            }
        }
        assertEquals(List.of(), alerts());
    }

    @Test
    void aScheduleThatNobodyRunsIsFoundByWhoeverAsksForHealth() {
        try (SnapshotManager manager = hourly().open()) {
            manager.runIfDue();
            Instant due = host.clock.instant().plus(Duration.ofHours(1));
            List<Duration> told = new ArrayList<>();
            for (int minute = 0; minute < 12 * 60; minute++) {
                int before = alerts().size();
                BackupHealth health = manager.health();
                if (alerts().size() > before) {
                    told.add(MINUTE.multipliedBy(minute));
                }
                assertEquals(
                        minute > 65 ? Optional.of(due) : Optional.empty(),
                        health.schedules().get(0).overdueSince());
                pass(MINUTE);
            }
            assertEquals(
                    List.of(66L, 126L, 366L, 606L),
                    told.stream().map(Duration::toMinutes).toList());
            assertTrue(manager.health().problems().toString().contains("nothing ran"));
            assertEquals(1, manager.runIfDue().size());
            assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
            assertEquals(
                    Optional.of(host.clock.instant()),
                    manager.health().schedules().get(0).lastSuccess());
        }
        assertEquals(
                List.of(
                        "RAISED SCHEDULE_OVERDUE hourly",
                        "ESCALATED SCHEDULE_OVERDUE hourly",
                        "ESCALATED SCHEDULE_OVERDUE hourly",
                        "ESCALATED SCHEDULE_OVERDUE hourly",
                        "CLEARED SCHEDULE_OVERDUE hourly"),
                alerts());
        assertEquals(
                AlertSeverity.DEGRADED, host.events(AlertEvent.class).get(0).severity());
        assertEquals(
                AlertSeverity.ESCALATE, host.events(AlertEvent.class).get(1).severity());
    }

    @Test
    void aDailyScheduleThatCatchesUpIsNotToldAsAbsent() {
        CairnBuilder daily = host.builder()
                .schedule(
                        "daily",
                        Recurrence.daily(LocalTime.of(2, 0), ZoneOffset.UTC),
                        DatasetSelection.all(),
                        Retention.keepLast(9));
        try (SnapshotManager manager = daily.open()) {
            pass(Duration.ofDays(3));
            assertEquals(1, manager.runIfDue().size());
            assertEquals(List.of(), manager.health().alerts());
        }
        assertEquals(List.of(), alerts());
    }

    @Test
    void aScheduleThatFailsIsOneAlertHoweverOftenItIsTried() {
        try (SnapshotManager manager = hourly().open()) {
            host.data.failingAt(
                    FakeDataset.Point.PREPARE, new SourceException("data", "cannot be read", "a test wanted it", null));
            for (int minute = 0; minute < 60; minute++) {
                manager.runIfDue();
                pass(MINUTE);
            }
            assertTrue(manager.health().schedules().get(0).consecutiveFailures() > 5);
            assertTrue(manager.health()
                    .schedules()
                    .get(0)
                    .lastFailure()
                    .orElseThrow()
                    .problem()
                    .contains("data"));
            host.data.at(point -> {});
            pass(Duration.ofMinutes(15));
            assertEquals(1, manager.runIfDue().size());
            manager.health();
        }
        assertEquals(
                List.of(
                        "RAISED SCHEDULE_FAILING hourly",
                        "ESCALATED SCHEDULE_FAILING hourly",
                        "CLEARED SCHEDULE_FAILING hourly"),
                alerts());
    }

    @Test
    void anObjectiveIsMissedWithoutAnyScheduleAndMetAgainByASnapshot() {
        Objective objective = Objective.losingAtMost(Duration.ofHours(2)).verifiedWithin(Duration.ofHours(3));
        try (SnapshotManager manager = host.builder()
                .objective(DatasetSelection.only("data"), objective)
                .open()) {
            SnapshotId first = manager.create().id();
            pass(Duration.ofHours(3));
            BackupHealth missed = manager.health();
            assertEquals(BackupHealth.Status.DEGRADED, missed.status());
            assertEquals(
                    Optional.of(Duration.ofHours(3)), missed.datasets().get(0).rpo());
            manager.create();
            assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
            pass(MINUTE);
            assertEquals(1, manager.health().alerts().size());
            assertTrue(manager.health().warnings().toString().contains("no verified point"));
            manager.verify(first);
            DatasetHealth verified = manager.health().datasets().get(0);
            assertEquals(Optional.of(Duration.ofMinutes(181)), verified.verifiedRpo());
            assertEquals(
                    Kind.VERIFICATION_OVERDUE, manager.health().alerts().get(0).kind(), "that one is too old");
            manager.verify(manager.create().id());
            assertEquals(List.of(), manager.health().alerts());
        }
        assertEquals(
                List.of(
                        "RAISED RPO_MISSED data",
                        "CLEARED RPO_MISSED data",
                        "RAISED VERIFICATION_OVERDUE data",
                        "CLEARED VERIFICATION_OVERDUE data"),
                alerts());
    }

    @Test
    void aNewProcessKnowsWhatTheLastOneLeft() {
        try (SnapshotManager manager = hourly().open()) {
            manager.runIfDue();
            manager.verify(manager.list().get(0).id());
        }
        Instant taken = host.clock.instant();
        pass(Duration.ofMinutes(30));
        try (SnapshotManager manager = hourly().open()) {
            BackupHealth health = manager.health();
            assertEquals(Optional.of(taken), health.datasets().get(0).newest());
            assertEquals(Optional.of(taken), health.datasets().get(0).newestVerified());
            assertEquals(Optional.of(taken), health.schedules().get(0).lastSuccess());
            assertEquals(List.of(), health.alerts(), "it has had no time yet");
        }
    }

    @Test
    void suspectsAreToldOnceAndNoPointUntilTheyAreAcknowledged() {
        try (SnapshotManager manager = host.open()) {
            for (int i = 0; i < 20; i++) {
                host.data.file("f" + i, "content");
            }
            Instant good = manager.create().createdAt();
            pass(MINUTE);
            host.data.disk().clear();
            host.data.file("a", "first");
            SnapshotId suspect = manager.create().id();
            manager.create();
            assertEquals(Optional.of(good), manager.health().datasets().get(0).newest());
            assertEquals(List.of("RAISED SUSPECTS_WAITING repository"), alerts());
            manager.health().suspects().forEach(id -> manager.acknowledge(id, "anna", "removed on purpose"));
            assertEquals(
                    Optional.of(host.clock.instant()),
                    manager.health().datasets().get(0).newest());
            assertTrue(manager.list().stream().anyMatch(one -> one.id().equals(suspect)));
        }
        assertEquals(Change.CLEARED, host.events(AlertEvent.class).get(1).change());
        assertEquals(2, alerts().size());
    }

    @Test
    void aSnapshotThatHangsIsFoundWhileItHangs() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        host.data.at(point -> {
            if (point == FakeDataset.Point.PREPARE) {
                hangs.countDown();
                await(goOn);
            }
        });
        try (SnapshotManager manager =
                hourly().threadFactory(ObjectiveHealthTest::daemon).open()) {
            assertTrue(hangs.await(120, TimeUnit.SECONDS));
            assertEquals(List.of(), manager.health().alerts());
            pass(Duration.ofMinutes(6));
            assertEquals(Kind.SCHEDULE_OVERDUE, manager.health().alerts().get(0).kind());
            goOn.countDown();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(120, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aPackedRepositoryTellsItsSizeAndGrowth() {
        try (SnapshotManager manager =
                hourly().repository(Packed.at(host.store)).open()) {
            assertEquals(Optional.empty(), manager.health().stored());
            manager.runIfDue();
            long stored = manager.health().stored().orElseThrow().bytes();
            long all = host.blobs.list("").stream().mapToLong(BlobInfo::size).sum();
            assertTrue(stored > 0 && stored <= all - (1 << 20), "all but the reserve: " + stored + " of " + all);
            for (int i = 0; i < 3; i++) {
                host.data.file("new" + i, "content " + i);
                pass(Duration.ofHours(1));
                manager.runIfDue();
            }
            StoredSize grown = manager.health().stored().orElseThrow();
            assertEquals(host.clock.instant(), grown.measuredAt());
            assertEquals(8 * (grown.bytes() - stored), grown.bytesPerDay().orElseThrow(), "three hours are an eighth");
        }
    }

    @Test
    void anObjectiveOfAnUnknownDatasetIsRefused() {
        CairnBuilder wrong =
                host.builder().objective(DatasetSelection.only("dta"), Objective.losingAtMost(Duration.ofHours(1)));
        assertTrue(assertThrows(ConfigurationException.class, wrong::open)
                .getMessage()
                .contains("'dta'"));
    }
}
