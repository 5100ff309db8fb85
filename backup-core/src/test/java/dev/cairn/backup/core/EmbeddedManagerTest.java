package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Mark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the manager promises of everything but restores and shutdown. */
class EmbeddedManagerTest {

    private final TestHost host = new TestHost();

    @Test
    void aSnapshotIsListedWithItsMetadataOldestFirst() {
        SnapshotManager manager = host.open();
        SnapshotMetadata first = manager.create();
        host.version.set(2);
        SnapshotMetadata second =
                manager.create(SnapshotRequest.of().label("by hand")).metadata();
        assertEquals(List.of(first, second), manager.list());
        assertEquals(List.of("snap-1", "snap-2"), ids(manager));
        assertEquals(Optional.of(SnapshotId.of("snap-1")), second.parent());
        assertEquals(2, second.projectionVersion().getAsLong());
        assertEquals(5, second.sizeBytes());
        assertEquals(second, manager.get(SnapshotId.of("snap-2")));
    }

    @Test
    void numbersGoOnAfterARestartAndAPrune() {
        SnapshotManager manager = host.open();
        for (int i = 0; i < 3; i++) {
            manager.create();
        }
        manager.delete(SnapshotId.of("snap-2"));
        manager.close();
        SnapshotManager again = host.open();
        assertEquals("snap-4", again.create().id().value());
        assertEquals(List.of("snap-1", "snap-3", "snap-4"), ids(again));
    }

    @Test
    void anUnknownIdIsNotFoundByAnyOperation() {
        SnapshotManager manager = host.open();
        SnapshotId none = SnapshotId.of("none");
        assertThrows(SnapshotNotFoundException.class, () -> manager.get(none));
        assertThrows(SnapshotNotFoundException.class, () -> manager.delete(none));
        assertThrows(SnapshotNotFoundException.class, () -> manager.pin(none, "why"));
        assertThrows(SnapshotNotFoundException.class, () -> manager.unpin(none));
        assertThrows(SnapshotNotFoundException.class, () -> manager.acknowledge(none, "anna", "why"));
        assertThrows(SnapshotNotFoundException.class, () -> manager.verify(none));
        assertThrows(SnapshotNotFoundException.class, () -> manager.plan(RestoreRequest.of(none)));
        assertEquals(Optional.empty(), manager.lastVerified(none));
        assertEquals(List.of(), manager.marks(none));
    }

    @Test
    void createNeverPrunesAndPruneAnswersHowManyItRemoved() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        for (int i = 0; i < 5; i++) {
            manager.create();
        }
        assertEquals(5, manager.list().size());
        assertEquals(2, manager.prune());
        assertEquals(List.of("snap-3", "snap-4", "snap-5"), ids(manager));
        assertEquals(0, manager.prune());
        BackupEvent.SnapshotsPruned told =
                host.events(BackupEvent.SnapshotsPruned.class).get(0);
        assertEquals(2, told.removed().size());
        assertEquals(2, manager.health().statistics().prunedTotal());
    }

    @Test
    void aPinnedSnapshotIsNeitherPrunedNorDeleted() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        manager.create(SnapshotRequest.of().pin());
        for (int i = 0; i < 4; i++) {
            manager.create();
        }
        assertEquals(1, manager.prune());
        SnapshotId first = SnapshotId.of("snap-1");
        BackupBusyException thrown = assertThrows(BackupBusyException.class, () -> manager.delete(first));
        assertTrue(thrown.getMessage().contains("snap-1"), thrown.getMessage());
        manager.unpin(first);
        manager.unpin(first);
        manager.pin(first, "again");
        manager.pin(first, "and again");
        assertEquals(0, manager.prune());
        manager.unpin(first);
        assertEquals(1, manager.prune());
        assertEquals(List.of("snap-3", "snap-4", "snap-5"), ids(manager));
    }

    @Test
    void theLastGoodSnapshotIsNotDeleted() {
        SnapshotManager manager = host.open();
        SnapshotId only = manager.create().id();
        assertThrows(BackupBusyException.class, () -> manager.delete(only));
        assertEquals(1, manager.list().size());
    }

    @Test
    void retentionSaysWhyAndRemovesNothing() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        for (int i = 0; i < 4; i++) {
            manager.create();
        }
        assertEquals(
                List.of(false, true, true, true),
                manager.retention().stream().map(decision -> decision.kept()).toList());
        assertEquals(4, manager.list().size());
    }

    @Test
    void aSuspectSnapshotStopsPruningUntilItIsAcknowledged() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        host.data.file("b", "x".repeat(1000));
        for (int i = 0; i < 3; i++) {
            manager.create();
        }
        host.data.disk().clear(); // The volume is empty after a restart.
        SnapshotReport empty = manager.create(SnapshotRequest.of());
        assertFalse(empty.suspicions().isEmpty());
        for (int i = 0; i < 10; i++) {
            manager.create();
            assertEquals(0, manager.prune());
        }
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        assertEquals(11, manager.health().suspects().size());
        manager.health().suspects().forEach(id -> manager.acknowledge(id, "anna", "the data was moved on purpose"));
        assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
        assertTrue(manager.prune() > 0);
        assertThrows(InvalidValueException.class, () -> manager.acknowledge(SnapshotId.of("snap-14"), " ", "why"));
    }

    @Test
    void verifyMarksOnlyWhatIsRight() {
        SnapshotManager manager = host.open();
        SnapshotId id = manager.create().id();
        assertEquals(Optional.empty(), manager.lastVerified(id));
        assertTrue(manager.verify(id).passed());
        Instant verified = host.clock.instant();
        assertEquals(Optional.of(verified), manager.lastVerified(id));
        host.clock.advance(Duration.ofHours(1));
        host.blobs.damage(BlobName.of(id + "/snapshot/data/a"), "fIrst".getBytes(StandardCharsets.UTF_8));
        VerificationReport damaged = manager.verify(id);
        assertFalse(damaged.passed());
        assertTrue(
                damaged.problems().get(0).contains("data/a"), damaged.problems().toString());
        assertEquals(Optional.of(verified), manager.lastVerified(id), "only a success counts");
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        assertEquals(2, host.events(BackupEvent.VerificationFinished.class).size());
        manager.close();
        SnapshotManager later = host.open();
        assertEquals(Optional.of(verified), later.lastVerified(id), "in whichever process");
        host.clock.advance(Duration.ofHours(1));
        later.pin(id, "the auditors want it");
        List<Mark> marks = later.marks(id);
        assertEquals(
                List.of(Mark.Kind.VERIFIED, Mark.Kind.SUSPECT, Mark.Kind.PINNED),
                marks.stream().map(Mark::kind).toList());
        assertEquals("the auditors want it", marks.get(2).reason());
        assertEquals(host.clock.instant(), marks.get(2).at());
    }

    @Test
    void aDamagedSnapshotThatWasDeletedDegradesNoLonger() {
        SnapshotManager manager = host.open();
        SnapshotId id = manager.create().id();
        manager.create();
        host.blobs.damage(BlobName.of(id + "/snapshot/data/a"), "fIrst".getBytes(StandardCharsets.UTF_8));
        manager.verify(id);
        manager.delete(id);
        assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
    }

    @Test
    void anEmptySnapshotIsNotVerified() {
        host.data.disk().clear();
        SnapshotManager manager = host.open();
        SnapshotId id = manager.create().id();
        VerificationReport report = manager.verify(id);
        assertFalse(report.passed());
        assertTrue(report.problems().get(0).contains("empty"), report.problems().toString());
        assertEquals(Optional.empty(), manager.lastVerified(id));
    }

    @Test
    void aConfiguredDatasetThatTheSnapshotLacksIsNamed() {
        SnapshotId id = host.open().create().id();
        SnapshotManager more = host.builder().dataset(FakeDataset.of("later")).open();
        VerificationReport report = more.verify(id);
        assertTrue(report.passed());
        assertTrue(
                report.warnings().get(0).contains("'later'"), report.warnings().toString());
    }

    @Test
    void everyDamagedByteOfContentIsNamedInTheReport() {
        host.data.file("b", "second");
        SnapshotManager manager = host.open();
        SnapshotId id = manager.create().id();
        host.blobs.damage(BlobName.of(id + "/snapshot/data/a"), new byte[5]);
        host.blobs.delete(BlobName.of(id + "/snapshot/data/b"));
        assertEquals(2, manager.verify(id).problems().size());
    }

    @Test
    void whatMustNotBeRestoredIsListedApart() {
        SnapshotManager manager = host.open();
        SnapshotId id = manager.create().id();
        manager.create();
        host.blobs.damage(BlobName.of(id + "/manifest.json"), new byte[] {'{'});
        host.blobs.putIfAbsent(BlobName.of("remnant/snapshot/x"), BlobContent.of("x"));
        assertEquals(List.of("snap-2"), ids(manager));
        assertEquals(
                List.of("remnant", "snap-1"),
                manager.listInvalid().stream()
                        .map(found -> found.id().value())
                        .sorted()
                        .toList());
        assertThrows(DamagedSnapshotException.class, () -> manager.get(id));
        manager.delete(id);
        assertEquals(
                List.of("remnant"),
                manager.listInvalid().stream().map(found -> found.id().value()).toList());
        assertThrows(SnapshotNotFoundException.class, () -> manager.delete(SnapshotId.of("remnant")));
    }

    @Test
    void aSecondSnapshotWaitsForTheFirst() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SnapshotManager manager = host.open();
        host.data.at(point -> {
            if (point == FakeDataset.Point.PREPARE) {
                inside.countDown();
                await(goOn);
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<SnapshotMetadata> first = threads.submit(() -> manager.create());
            await(inside);
            Future<SnapshotMetadata> second = threads.submit(() -> manager.create());
            assertEquals(BackupHealth.Status.HEALTHY, manager.health().status(), "health waits for nobody");
            goOn.countDown();
            assertEquals("snap-1", first.get(120, TimeUnit.SECONDS).id().value());
            assertEquals("snap-2", second.get(120, TimeUnit.SECONDS).id().value());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCallerThatIsInterruptedWhileItWaitsKeepsItsFlag() {
        SnapshotManager manager = host.open();
        Thread.currentThread().interrupt();
        try {
            assertThrows(BackupCancelledException.class, manager::create);
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals(List.of(), manager.list());
    }

    @Test
    void aStoreThatCannotBeReachedLetsTheHostStartDegradedAndIsTriedAgain() {
        host.store.failFrom(1);
        SnapshotManager manager = host.open();
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        assertEquals(1, host.events(BackupEvent.HealthChanged.class).size());
        assertThrows(StoreException.class, manager::create);
        host.store.heal();
        manager.create();
        assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
        assertEquals(2, host.events(BackupEvent.HealthChanged.class).size());
    }

    @Test
    void aStateStoreThatCannotBeReachedLetsTheHostStartToo() {
        host.state.failFrom(1);
        SnapshotManager manager = host.open();
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        host.state.heal();
        assertEquals("snap-1", manager.create().id().value());
    }

    /** "When this returns it is durable and listed; if it throws, it is not listed." */
    @Test
    void aCreateThatThrewIsNotListedWhicheverCallOfAStoreFailed() {
        for (boolean stateStore : new boolean[] {false, true}) {
            for (int call = 1; ; call++) {
                TestHost each = new TestHost();
                SnapshotManager manager = each.open();
                each.data.file("b", "x".repeat(100));
                manager.create();
                each.data.disk().clear(); // Suspect, so that a mark is needed; and pinned, so that another is.
                var faulty = stateStore ? each.state : each.store;
                long at = faulty.calls() + call;
                faulty.failAt(at);
                boolean returned = true;
                try {
                    manager.create(SnapshotRequest.of().pin());
                } catch (BackupException e) {
                    returned = false;
                }
                boolean reached = faulty.calls() >= at;
                each.store.heal();
                each.state.heal();
                String when = (stateStore ? "state" : "repository") + " call " + call;
                assertEquals(returned ? 2 : 1, manager.list().size(), when);
                if (returned) {
                    assertEquals(1, suspects(each), when + ": what is listed is marked");
                }
                if (!reached) {
                    break;
                }
                assertTrue(call < 300, "a snapshot ends");
            }
        }
    }

    private static int suspects(TestHost host) {
        return host.open().health().suspects().size();
    }

    @Test
    void aSnapshotIsMarkedAsSuspectBeforeItIsListed() {
        SnapshotManager manager = host.open();
        host.data.file("b", "x".repeat(100));
        manager.create();
        host.data.disk().clear();
        List<String> puts = new ArrayList<>();
        host.store.onCall(call -> puts.add(call.operation() + " " + call.name()));
        manager.create();
        int mark = indexOf(puts, "PUT .cairn/marks/snap-2/SUSPECT");
        int commit = indexOf(puts, "PUT snap-2/manifest.json");
        assertTrue(
                mark >= 0 && mark < commit,
                "a crash between the two would make the empty snapshot a good one: " + puts);
    }

    private static int indexOf(List<String> all, String prefix) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).startsWith(prefix)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void eventsTellWhatHappened() {
        SnapshotManager manager = host.open();
        manager.create();
        SnapshotReport told =
                host.events(BackupEvent.SnapshotCompleted.class).get(0).report();
        assertEquals("snap-1", told.metadata().id().value());
        assertEquals(1, host.events(BackupEvent.SnapshotStarted.class).size());
        host.data.failingAt(FakeDataset.Point.FREEZE, new IllegalStateException("not now"));
        assertThrows(BackupException.class, manager::create);
        BackupEvent.SnapshotFailed failed =
                host.events(BackupEvent.SnapshotFailed.class).get(0);
        assertEquals(SnapshotTrigger.MANUAL, failed.trigger());
        assertTrue(failed.problem().contains("not now"), failed.problem());
        assertEquals(Optional.of(failed.problem()), manager.health().lastFailure());
    }

    @Test
    void statisticsAreThePresentState() {
        SnapshotManager manager = host.open();
        manager.create();
        manager.create();
        BackupHealth.Statistics statistics = manager.health().statistics();
        assertEquals(2, statistics.snapshotsTotal());
        assertEquals(2, statistics.snapshots());
        assertEquals(10, statistics.snapshotBytes());
        assertEquals(5, statistics.lastSnapshotBytes());
        assertEquals(host.clock.instant().getEpochSecond(), statistics.lastSnapshotEpochSeconds());
        assertEquals(Optional.of(host.clock.instant()), manager.health().lastSuccess());
        assertEquals(2, host.open().health().statistics().snapshots(), "also after a restart");
    }

    @Test
    void schedulesRunWhenTheHostAsksAndPruneAfterwards() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        assertEquals(Optional.of(host.clock.instant()), manager.health().nextDue());
        for (int i = 0; i < 5; i++) {
            List<SnapshotMetadata> taken = manager.runIfDue();
            assertEquals(1, taken.size());
            assertEquals(Optional.of("periodic"), taken.get(0).schedule());
            assertEquals(SnapshotTrigger.PERIODIC, taken.get(0).trigger());
            assertEquals(List.of(), manager.runIfDue());
            host.ticker.advance(Duration.ofMinutes(15));
        }
        assertEquals(List.of("snap-3", "snap-4", "snap-5"), ids(manager));
    }

    @Test
    void aManualSnapshotStartsTheIntervalAnew() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        manager.runIfDue();
        host.ticker.advance(Duration.ofMinutes(14));
        manager.create();
        host.ticker.advance(Duration.ofMinutes(14));
        assertEquals(List.of(), manager.runIfDue());
        host.ticker.advance(Duration.ofMinutes(1));
        assertEquals(1, manager.runIfDue().size());
    }

    @Test
    void aScheduledFailureIsReportedWithItsNextAttempt() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        host.data.failingAt(FakeDataset.Point.PREPARE, new IllegalStateException("gone"));
        assertEquals(List.of(), manager.runIfDue());
        BackupEvent.SnapshotFailed failed =
                host.events(BackupEvent.SnapshotFailed.class).get(0);
        assertEquals(Optional.of("periodic"), failed.schedule());
        assertEquals(Optional.of(Duration.ofSeconds(10)), failed.nextAttempt());
        assertEquals(1, host.events(BackupEvent.SnapshotFailed.class).size());
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        assertEquals(1, manager.health().statistics().snapshotFailuresTotal());
    }

    /** A host that is up from nine to five still gets its snapshot of two o'clock, from the second day on. */
    @Test
    void aDailyScheduleOfAHostThatNeverRunsAtThatHourIsCaughtUp() {
        host.clock.set(Instant.parse("2026-01-01T09:00:00Z"));
        SnapshotManager monday = nightly();
        assertEquals(List.of(), monday.runIfDue(), "nothing was missed yet");
        monday.close();
        host.clock.set(Instant.parse("2026-01-02T09:00:00Z"));
        SnapshotManager tuesday = nightly();
        assertEquals(1, tuesday.runIfDue().size());
        assertEquals(List.of(), tuesday.runIfDue());
        tuesday.close();
        host.clock.set(Instant.parse("2026-01-05T09:00:00Z"));
        SnapshotManager friday = nightly();
        assertEquals(1, friday.runIfDue().size(), "caught up once");
        assertEquals(List.of(), friday.runIfDue());
    }

    private SnapshotManager nightly() {
        return host.builder()
                .schedule(
                        "nightly",
                        Recurrence.daily(LocalTime.of(2, 0), ZoneOffset.UTC),
                        DatasetSelection.all(),
                        Retention.keepLast(7))
                .open();
    }

    @Test
    void aPruneThatFailsDoesNotFailTheScheduledSnapshot() {
        SnapshotManager manager =
                host.builder().policy(SnapshotPolicy.defaults()).open();
        for (int i = 0; i < 4; i++) {
            manager.create();
        }
        host.ticker.advance(Duration.ofMinutes(15));
        host.store.onCall(call -> {
            if (call.name().equals("snap-1/manifest.json")
                    && call.operation().name().equals("DELETE")) {
                throw new StoreException(StoreException.Reason.DENIED, "read-only", "make it writable", null);
            }
        });
        assertEquals(1, manager.runIfDue().size());
        assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
        host.store.heal();
        host.ticker.advance(Duration.ofMinutes(15));
        assertEquals(1, manager.runIfDue().size());
        assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
    }

    @Test
    void everythingRunsOnTheCallersThreadIfTheHostWantsThat() {
        List<Thread> threads = new ArrayList<>();
        SnapshotManager manager = host.elsewhere(host.state)
                .dataset(host.data)
                .barrier(action -> {
                    threads.add(Thread.currentThread());
                    action.run();
                })
                .listener(event -> threads.add(Thread.currentThread()))
                .open();
        manager.create();
        assertEquals(
                List.of(Thread.currentThread()), threads.stream().distinct().toList());
    }

    @Test
    void aHostThatHoldsItsOwnLockIsToldByATimeout() {
        java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();
        SnapshotManager manager = Cairn.builder()
                .repository(BrowsableRepository.at(host.store))
                .state(host.state)
                .dataset(host.data)
                .barrierTimeout(Duration.ofMillis(50))
                .barrier(action -> {
                    lock.lock();
                    try {
                        action.run();
                    } finally {
                        lock.unlock();
                    }
                })
                .open();
        lock.lock();
        try {
            assertThrows(dev.cairn.backup.BarrierException.class, manager::create);
        } finally {
            lock.unlock();
        }
        SnapshotId taken = createdInTime(manager);
        assertEquals(
                List.of(taken),
                manager.list().stream().map(SnapshotMetadata::id).toList());
        manager.close();
    }

    /** The time that the host allows its barrier may be over before a busy machine has begun its thread. */
    private static SnapshotId createdInTime(SnapshotManager manager) {
        for (int attempt = 1; attempt < 100; attempt++) {
            try {
                return manager.create().id();
            } catch (dev.cairn.backup.BarrierException slow) {
                assertEquals(dev.cairn.backup.BarrierException.Reason.TIMEOUT, slow.reason());
            }
        }
        return manager.create().id();
    }

    private static List<String> ids(SnapshotManager manager) {
        return manager.list().stream().map(snapshot -> snapshot.id().value()).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
