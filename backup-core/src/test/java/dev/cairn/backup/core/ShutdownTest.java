package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private final TestHost host = new TestHost();

    @Test
    void closingTakesNoSnapshotByDefault() {
        SnapshotManager manager = host.open();
        assertEquals(Optional.empty(), manager.shutdownReport());
        manager.close();
        assertEquals(
                ShutdownReport.Outcome.SKIPPED,
                manager.shutdownReport().orElseThrow().outcome());
        assertEquals(List.of(), host.open().list());
    }

    @Test
    void closingTakesASnapshotIfThePolicySaysSo() {
        SnapshotManager manager =
                host.builder().onShutdown(ShutdownPolicy.snapshotWithin(LONG)).open();
        manager.close();
        ShutdownReport report = manager.shutdownReport().orElseThrow();
        assertEquals(ShutdownReport.Outcome.COMPLETE, report.outcome());
        assertEquals("", report.detail());
        SnapshotManager next = host.open();
        assertEquals(
                SnapshotTrigger.SHUTDOWN,
                next.get(report.snapshot().orElseThrow()).trigger());
        assertEquals(1, host.events(BackupEvent.ShutdownFinished.class).size());
    }

    @Test
    void theOutcomeIsRememberedByTheNextHealth() {
        SnapshotManager manager = host.open();
        ShutdownReport report = manager.shutdown(LONG);
        ShutdownReport remembered = host.open().health().lastShutdown().orElseThrow();
        assertEquals(report.outcome(), remembered.outcome());
        assertEquals(report.snapshot(), remembered.snapshot());
        assertEquals(report.at(), remembered.at());
    }

    @Test
    void aSnapshotThatIsNotExpectedToFitIsSkippedAndThatIsRemembered() {
        SnapshotManager manager = host.open();
        host.data.at(point -> {
            if (point == FakeDataset.Point.PREPARE) {
                spend(Duration.ofMillis(120));
            }
        });
        manager.create();
        ShutdownReport report = manager.shutdown(Duration.ofMillis(60));
        assertEquals(ShutdownReport.Outcome.SKIPPED, report.outcome());
        assertTrue(report.detail().contains("expected"), report.detail());
        SnapshotManager next = host.open();
        assertEquals(1, next.list().size());
        assertEquals(
                ShutdownReport.Outcome.SKIPPED,
                next.health().lastShutdown().orElseThrow().outcome());
    }

    @Test
    void aSnapshotThatFailsIsAFailedShutdownAndNothingIsListed() {
        SnapshotManager manager =
                host.builder().onShutdown(ShutdownPolicy.snapshotWithin(LONG)).open();
        host.data.failingAt(
                FakeDataset.Point.CONTENT, new dev.cairn.backup.SourceException("data", "is gone", "look", null));
        manager.close();
        ShutdownReport report = manager.shutdownReport().orElseThrow();
        assertEquals(ShutdownReport.Outcome.FAILED, report.outcome());
        assertTrue(report.detail().contains("is gone"), report.detail());
        SnapshotManager next = host.open();
        assertEquals(List.of(), next.list());
        assertEquals(BackupHealth.Status.DEGRADED, next.health().status());
    }

    @Test
    void aSnapshotThatRunsOverItsDeadlineIsCancelledAndNotListed() {
        List<Thread> made = Collections.synchronizedList(new ArrayList<>());
        SnapshotManager manager = threaded(made);
        host.data.at(point -> {
            if (point == FakeDataset.Point.CONTENT) {
                end(made.get(0)); // The one that watches the clock ends when it has told that the time is over.
            }
        });
        made.clear();
        ShutdownReport report = manager.shutdown(Duration.ofMillis(100));
        assertEquals(ShutdownReport.Outcome.FAILED, report.outcome());
        assertEquals(List.of(), host.open().list());
    }

    @Test
    void aSecondCallAnswersTheFirstOnesReport() {
        SnapshotManager manager = host.open();
        ShutdownReport first = manager.shutdown(LONG);
        assertSame(first, manager.shutdown(Duration.ZERO));
        manager.close();
        assertSame(first, manager.shutdownReport().orElseThrow());
        assertEquals(1, host.open().list().size());
    }

    @Test
    void hookAndCloseAtOnceTakeOneSnapshot() throws Exception {
        SnapshotManager manager =
                host.builder().onShutdown(ShutdownPolicy.snapshotWithin(LONG)).open();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<ShutdownReport>> reports = new ArrayList<>();
            Callable<ShutdownReport> close = () -> {
                await(go);
                manager.close();
                return manager.shutdownReport().orElseThrow();
            };
            Callable<ShutdownReport> shutdown = () -> {
                await(go);
                return manager.shutdown(LONG);
            };
            for (int i = 0; i < 2; i++) {
                reports.add(threads.submit(close));
                reports.add(threads.submit(shutdown));
            }
            go.countDown();
            for (Future<ShutdownReport> report : reports) {
                assertSame(reports.get(0).get(120, TimeUnit.SECONDS), report.get(120, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, host.open().list().size());
        assertEquals(1, host.events(BackupEvent.ShutdownFinished.class).size());
    }

    @Test
    void aManagerThatIsClosedRefusesEverythingThatWouldChangeSomething() {
        SnapshotManager manager = host.open();
        SnapshotId id = manager.create().id();
        manager.close();
        BackupBusyException thrown = assertThrows(BackupBusyException.class, manager::create);
        assertTrue(thrown.getMessage().contains("closed"), thrown.getMessage());
        assertThrows(BackupBusyException.class, manager::prune);
        assertThrows(BackupBusyException.class, () -> manager.verify(id));
        assertThrows(BackupBusyException.class, () -> manager.pin(id, "why"));
        assertThrows(BackupBusyException.class, () -> manager.delete(id));
    }

    @Test
    void duringARestoreTheSnapshotIsSkipped() {
        SnapshotManager[] manager = new SnapshotManager[1];
        List<ShutdownReport> reports = new ArrayList<>();
        manager[0] = host.builder()
                .onRestored(snapshot -> reports.add(manager[0].shutdown(LONG)))
                .open();
        SnapshotId id = manager[0].create().id();
        host.data.file("a", "second");
        manager[0].restore(manager[0].plan(RestoreRequest.of(id)));
        assertEquals(ShutdownReport.Outcome.SKIPPED, reports.get(0).outcome());
        assertTrue(reports.get(0).detail().contains("restore"), reports.get(0).detail());
        assertEquals("first", host.live());
        SnapshotManager next = host.open();
        assertFalse(next.list().stream().anyMatch(s -> s.trigger() == SnapshotTrigger.SHUTDOWN));
    }

    @Test
    void aRunningSnapshotIsWaitedForWithinTheBudget() throws Exception {
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
            Future<?> running = threads.submit(() -> manager.create());
            await(inside);
            Future<ShutdownReport> shutdown = threads.submit(() -> manager.shutdown(LONG));
            goOn.countDown();
            running.get(120, TimeUnit.SECONDS);
            assertEquals(
                    ShutdownReport.Outcome.COMPLETE,
                    shutdown.get(120, TimeUnit.SECONDS).outcome());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(2, host.open().list().size());
    }

    @Test
    void aRunningSnapshotThatDoesNotEndInTimeIsCancelled() throws Exception {
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
            Future<?> running = threads.submit(() -> manager.create());
            await(inside);
            Future<ShutdownReport> shutdown = threads.submit(() -> manager.shutdown(Duration.ofMillis(50)));
            goOn.countDown();
            ShutdownReport report = shutdown.get(120, TimeUnit.SECONDS);
            try {
                running.get(120, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException cancelled) {
                assertEquals(ShutdownReport.Outcome.SKIPPED, report.outcome());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, host.data.open());
    }

    @Test
    void aJvmHookThatIsNoLongerNeededIsTakenAway() {
        SnapshotManager manager = Cairn.builder()
                .repository(BrowsableRepository.at(host.store))
                .state(host.state)
                .dataset(host.data)
                .onShutdown(ShutdownPolicy.snapshotWithin(LONG).withJvmHook())
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    hooks.add(thread);
                    return thread;
                })
                .open();
        manager.close();
        assertTrue(
                hooks.stream().noneMatch(thread -> Runtime.getRuntime().removeShutdownHook(thread)),
                "no hook of a closed manager is left");
        assertEquals(1, host.open().list().size());
    }

    private final List<Thread> hooks = new ArrayList<>();

    private SnapshotManager threaded(List<Thread> made) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(host.store))
                .state(host.state)
                .dataset(host.data)
                .threadFactory(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    made.add(thread);
                    return thread;
                })
                .open();
    }

    private static void end(Thread thread) {
        try {
            thread.join(120_000);
            assertFalse(thread.isAlive(), thread.getName());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A source that is slow; the time itself is what is tested. */
    private static void spend(Duration time) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            assertFalse(never.await(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
