package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.core.point.PagedDataset;
import dev.cairn.backup.core.point.PagedHost;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the manager does for datasets that are protected continuously, besides restoring points. */
class ContinuousProtectionTest {

    private final PagedHost host = PagedHost.packed();

    private void commit(int count) {
        for (int i = 0; i < count; i++) {
            host.data.commit(6, 20 + i, 1 + i % 6);
        }
    }

    private List<BackupEvent.SnapshotFailed> failures() {
        return host.events(BackupEvent.SnapshotFailed.class);
    }

    private long segments() {
        return host.blobs.list("segments").size();
    }

    @Test
    void aBaseIsTakenByItselfWhenATimelineHasBegun() {
        try (SnapshotManager manager = host.protectedHost()) {
            SnapshotMetadata base = manager.list().get(0);
            assertEquals(Optional.of("continuous"), base.schedule());
            assertEquals(SnapshotTrigger.PERIODIC, base.trigger());
            assertEquals(host.data.source().position(), base.datasets().get(0).log());
            assertEquals(1, manager.list().size());
            ProtectionStatus status = PagedHost.status(manager);
            assertEquals(Optional.of(base.createdAt()), status.lastBase());
            assertFalse(manager.health().problems().toString().contains("'db'"));
            BackupEvent.TimelineBegun begun =
                    host.events(BackupEvent.TimelineBegun.class).get(0);
            assertEquals(status.kept().orElseThrow().timeline(), begun.timeline());
            assertEquals(AlertSeverity.INFO, begun.severity());
        }
    }

    @Test
    void aBaseThatFailsIsTriedAgainAndHealthSaysSoMeanwhile() {
        host.data.failing(1000);
        try (SnapshotManager manager = host.open()) {
            host.await(() -> failures().size() >= 2);
            assertEquals(Optional.of("continuous"), failures().get(1).schedule());
            assertEquals(2, failures().get(1).consecutiveFailures());
            List<String> problems = manager.health().problems();
            assertTrue(problems.toString().matches(".*its base has failed [2-9]\\d* times.*"), problems.toString());
            host.data.failing(0);
            host.await(() -> PagedHost.status(manager).state() == ProtectionStatus.State.PROTECTED);
            host.await(() -> !manager.health().problems().toString().contains("failed"));
        }
    }

    @Test
    void aSnapshotThatDoesNotTellWhereTheLogStoodIsNoBase() {
        host.data.untold(true);
        try (SnapshotManager manager = host.open()) {
            host.await(() -> !failures().isEmpty());
            assertTrue(failures().get(0).problem().contains("does not tell where the change log"));
            assertEquals(
                    ProtectionStatus.State.STARTING, PagedHost.status(manager).state());
            host.data.untold(false);
            host.await(() -> PagedHost.status(manager).state() == ProtectionStatus.State.PROTECTED);
        }
    }

    @Test
    void theSourceMayAskForANewBase() {
        try (SnapshotManager manager = host.protectedHost()) {
            commit(3);
            host.data.source().requestBase("restoring takes long");
            host.await(() -> manager.list().size() == 2);
            assertEquals(
                    host.data.source().position(),
                    manager.list().get(1).datasets().get(0).log());
        }
    }

    @Test
    void closingShipsWhatIsCommittedAndBringsItToTheRepository() {
        SnapshotManager manager = host.builder()
                .onShutdown(ShutdownPolicy.snapshotWithin(Duration.ofMinutes(2)))
                .open();
        host.awaitProtected(manager);
        long before = segments();
        commit(5);
        manager.close();
        assertEquals(List.of("flush", "close"), host.data.source().calls());
        assertEquals(before + 5, segments());
        assertEquals(List.of(), host.state.list("spool"));
        assertEquals(ProtectionStatus.State.CLOSED, PagedHost.status(manager).state());
        assertEquals(
                ProtectionStatus.State.CLOSED,
                host.events(BackupEvent.ProtectionChanged.class)
                        .get(host.events(BackupEvent.ProtectionChanged.class).size() - 1)
                        .status()
                        .state());
    }

    @Test
    void whatTheRepositoryDoesNotTakeWaitsForTheNextProcessWhichGoesOnWithoutAGap() {
        SnapshotManager manager = host.protectedHost();
        commit(2);
        host.uploaded(manager);
        host.store.failFrom(1);
        commit(3);
        host.await(() -> PagedHost.status(manager).state() == ProtectionStatus.State.SPOOLING);
        BackupHealth health = manager.health();
        assertEquals(BackupHealth.Status.DEGRADED, health.status());
        assertTrue(
                health.problems().toString().contains("on the local disk only"),
                health.problems().toString());
        manager.close();
        assertEquals(3, host.state.list("spool").size());
        host.store.heal();
        LogPosition end = host.data.source().position().orElseThrow();
        host.restart();
        try (SnapshotManager again = host.protectedHost()) {
            assertEquals(Optional.of(end), host.data.source().position());
            host.uploaded(again);
            assertEquals(1, again.list().size(), "the timeline has a base already");
            assertEquals(1, host.events(BackupEvent.TimelineBegun.class).size());
            commit(1);
            host.uploaded(again);
            LogPosition last = host.data.source().position().orElseThrow();
            assertArrayEquals(host.data.content(), host.read(again, last, PagedDataset::pieces));
        }
    }

    @Test
    void aTimelineThatAnEarlierProcessLeftWithoutABaseGetsOne() {
        host.data.failing(1000);
        SnapshotManager manager = host.open();
        host.await(() -> !failures().isEmpty());
        host.uploaded(manager);
        manager.close();
        assertEquals(0, host.blobs.list("snapshots").size());
        LogPosition begun = host.data.source().position().orElseThrow();
        host.restart();
        try (SnapshotManager again = host.protectedHost()) {
            assertEquals(Optional.of(begun), host.data.source().position(), "it is the same timeline");
            assertEquals(1, again.list().size());
        }
    }

    @Test
    void healthAndListenersAreToldWhenTheSourceStops() {
        PagedHost healthy = PagedHost.browsable();
        try (SnapshotManager manager = healthy.protectedHost()) {
            assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
            healthy.data.source().breakDown("the disk is gone");
            healthy.await(() -> healthy.events(BackupEvent.HealthChanged.class).stream()
                    .anyMatch(event -> event.severity() == AlertSeverity.DEGRADED));
            assertEquals(
                    List.of("transactions of dataset 'db' are not kept: the disk is gone"),
                    manager.health().problems());
            healthy.await(() -> healthy.events(BackupEvent.ProtectionChanged.class).stream()
                    .anyMatch(event -> event.status().state() == ProtectionStatus.State.INTERRUPTED
                            && event.severity() == AlertSeverity.DEGRADED));
        }
    }

    @Test
    void aRepositoryThatCannotBeReachedAtFirstIsProtectedToWhenItComesBack() {
        host.store.failFrom(1);
        try (SnapshotManager manager = host.open()) {
            assertEquals(
                    ProtectionStatus.State.WAITING, PagedHost.status(manager).state());
            assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
            host.store.heal();
            host.await(() -> PagedHost.status(manager).state() == ProtectionStatus.State.PROTECTED);
            commit(1);
            host.uploaded(manager);
            assertEquals(1, manager.restoreWindows("db").size());
        }
    }

    @Test
    void basesTakeNoPlaceOfAPolicy() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        try (manager) {
            host.awaitProtected(manager);
            for (int i = 0; i < 3; i++) {
                manager.create();
                commit(1);
                int count = manager.list().size();
                host.data.source().requestBase("a test wants one");
                host.await(() -> manager.list().size() > count);
            }
            manager.prune();
            assertEquals(
                    3,
                    manager.list().stream().filter(s -> s.schedule().isEmpty()).count());
            assertEquals(
                    4,
                    manager.list().stream()
                            .filter(s -> s.schedule().isPresent())
                            .count());
        }
    }

    @Test
    void itNeedsThreadsAndTheNameOfItsSchedule() {
        ConfigurationException threads = assertThrows(
                ConfigurationException.class,
                () -> host.builder().callerThreadsOnly().open());
        assertTrue(threads.getMessage().contains("'db' is protected continuously"), threads.getMessage());
        assertThrows(
                ConfigurationException.class,
                () -> host.builder()
                        .schedule(
                                "continuous",
                                Recurrence.every(Duration.ofHours(1)),
                                DatasetSelection.all(),
                                Retention.keepLast(1))
                        .open());
    }

    @Test
    void aHostWithoutItHasNoneOfIt() {
        TestHost plain = new TestHost();
        try (SnapshotManager manager = plain.open()) {
            manager.create();
            assertEquals(List.of(), manager.health().protection());
            assertEquals(List.of(), manager.restoreWindows("data"));
            assertTrue(manager.verifyLog("data").passed());
            assertFalse(manager.list().get(0).datasets().get(0).log().isPresent());
        }
    }

    /** The history counts for longer than the places of a policy, whose snapshots are bases too. */
    @Test
    void whatAPolicyRemovesTakesNothingOfTheHistory() {
        SnapshotManager manager = host.builder()
                .policy(new SnapshotPolicy(Duration.ofHours(1), 3, Duration.ofDays(9)))
                .open();
        try (manager) {
            host.await(() -> PagedHost.status(manager).state() == ProtectionStatus.State.PROTECTED);
            hours(24);
            commit(3);
            manager.create();
            hours(24);
            commit(3);
            LogPosition wanted = host.data.source().position().orElseThrow();
            Instant then = host.clock.instant();
            hours(26);
            commit(3);
            host.uploaded(manager);
            manager.create();
            manager.create();
            manager.prune();
            hours(1);
            manager.create();
            manager.prune();
            assertEquals(wanted, manager.restorePoint("db", then).position(), "a day old, the history has two");
            assertArrayEquals(host.data.at(wanted), host.read(manager.restorePoint("db", then), PagedDataset::pieces));
        }
    }

    private void hours(int count) {
        host.clock.advance(Duration.ofHours(count));
    }

    @Test
    void whileASnapshotIsSuspectNothingOfTheHistoryBeforeItGoes() {
        try (SnapshotManager manager = host.protectedHost()) {
            hours(1);
            commit(3);
            Instant then = host.clock.instant();
            LogPosition good = host.data.source().position().orElseThrow();
            hours(1);
            host.data.commit(1, 7, 1);
            host.data.source().begin("the volume is another", true);
            host.await(() -> manager.list().size() == 2);
            host.uploaded(manager);
            host.await(() -> manager.health().suspects().size() == 1);
            for (int day = 0; day < 5; day++) {
                hours(24);
                commitSmall();
                manager.create();
            }
            host.uploaded(manager);
            manager.prune();
            assertEquals(good, manager.restorePoint("db", then).position());
            manager.list().forEach(snapshot -> manager.acknowledge(snapshot.id(), "operator", "it was meant"));
            manager.prune();
            assertTrue(manager.restoreWindows("db").stream()
                    .noneMatch(window -> window.last().equals(good)));
        }
    }

    private void commitSmall() {
        host.data.commit(1, 9, 1);
    }

    @Test
    void whyProtectionCannotBeginIsTold() {
        BlobStore broken = new ForwardingStore(host.state) {
            @Override
            public List<BlobInfo> list(String prefix) {
                if (prefix.equals("spool")) {
                    throw new UnsupportedFormatException("a segment in the spool", 2, 1, null);
                }
                return super.list(prefix);
            }
        };
        try (SnapshotManager manager = host.elsewhere(broken).dataset(host.data).open()) {
            host.await(() -> manager.health().problems().toString().contains("has not begun: a segment in the spool"));
        }
    }
}
