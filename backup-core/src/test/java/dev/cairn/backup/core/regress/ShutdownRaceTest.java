package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Stores are closed when nothing uses them any more, however a shutdown and a snapshot meet. */
class ShutdownRaceTest {

    private static final Duration BUDGET = Duration.ofMinutes(2);

    private volatile boolean closed;
    private volatile Consumer<String> onStateCall = name -> {};
    private final List<String> late = Collections.synchronizedList(new ArrayList<>());
    private final FakeDataset data = FakeDataset.of("data").file("a", "x");
    private final SnapshotManager manager = Cairn.builder()
            .repository(BrowsableRepository.at(watched("repository")))
            .state(watched("state"))
            .dataset(data)
            .callerThreadsOnly()
            .open();

    private BlobStore watched(String which) {
        BlobStore closable = new ForwardingStore(new MemoryBlobStore()) {
            @Override
            public void close() {
                closed = true;
            }
        };
        return FaultyBlobStore.over(closable).onCall(call -> {
            if (closed) {
                late.add(which + " " + call.operation() + " " + call.name());
            }
            onStateCall.accept(which + " " + call.name());
        });
    }

    /** The snapshot waits its turn behind the snapshot at shutdown, and gets it before the gate is closed, or never. */
    @Test
    void aSnapshotThatWaitedForTheSnapshotAtShutdownNeverRunsOnClosedStores() throws Exception {
        CountDownLatch atShutdown = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger captures = new AtomicInteger();
        Thread[] shutdown = new Thread[1];
        data.at(point -> {
            if (point != FakeDataset.Point.PREPARE) {
                return;
            }
            if (captures.incrementAndGet() == 1) {
                atShutdown.countDown();
                await(goOn);
            } else {
                awaitParkedOrEnded(shutdown[0]);
            }
        });
        shutdown[0] = new Thread(() -> manager.shutdown(BUDGET), "shutdown");
        shutdown[0].start();
        await(atShutdown);
        CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
        Thread creating = new Thread(() -> outcome.complete(create()), "create");
        creating.start();
        awaitParkedOrEnded(creating);
        goOn.countDown();
        assertEnds(outcome, shutdown[0]);
    }

    /** The shutdown has found the manager idle and asks how long a snapshot will take, which is too long; meanwhile another begins. */
    @Test
    void aSnapshotThatBeganAfterTheShutdownFoundAllIdleNeverRunsOnClosedStores() throws Exception {
        manager.create();
        CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
        Thread creating = new Thread(() -> outcome.complete(create()), "create");
        CountDownLatch running = new CountDownLatch(1);
        Thread shutdown = new Thread(() -> manager.shutdown(Duration.ofNanos(1)), "shutdown");
        data.at(point -> {
            if (point == FakeDataset.Point.PREPARE) {
                running.countDown();
                awaitParkedOrEnded(shutdown);
            }
        });
        onStateCall = name -> {
            if (Thread.currentThread() == shutdown
                    && name.startsWith("state pace")
                    && creating.getState() == Thread.State.NEW) {
                creating.start();
                while (running.getCount() > 0 && creating.getState() != Thread.State.TERMINATED) {
                    Thread.onSpinWait();
                }
            }
        };
        shutdown.start();
        assertEnds(outcome, shutdown);
    }

    /** The snapshot runs already, and does not hear that it should stop. */
    @Test
    void aShutdownWithoutSnapshotWaitsForTheOneThatRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Thread[] shutdown = {new Thread(() -> manager.shutdown(Duration.ZERO), "shutdown")};
        data.at(point -> {
            if (point == FakeDataset.Point.CONTENT) {
                running.countDown();
                awaitParkedOrEnded(shutdown[0]);
            }
        });
        CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
        new Thread(() -> outcome.complete(create()), "create").start();
        await(running);
        shutdown[0].start();
        assertEnds(outcome, shutdown[0]);
    }

    /** Executors that are shut down interrupt their threads: whoever cannot wait must leave the stores to the one that runs. */
    @Test
    void aShutdownThatIsInterruptedDoesNotCloseTheStoresUnderASnapshotThatRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Thread shutdown = new Thread(
                () -> {
                    Thread.currentThread().interrupt();
                    manager.shutdown(Duration.ZERO);
                },
                "shutdown");
        data.at(point -> {
            if (point == FakeDataset.Point.CONTENT) {
                running.countDown();
                awaitParkedOrEnded(shutdown);
            }
        });
        CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
        new Thread(() -> outcome.complete(create()), "create").start();
        await(running);
        shutdown.start();
        Throwable failed = outcome.get(120, TimeUnit.SECONDS);
        shutdown.join(120_000);
        assertTrue(failed == null || failed instanceof BackupException, String.valueOf(failed));
        assertEquals(List.of(), late, "nothing ran on closed stores");
    }

    /** Whatever the order in which two threads come to the gate. */
    @Test
    void manySnapshotsThatRaceAShutdownNeverRunOnClosedStores() throws Exception {
        List<CompletableFuture<@Nullable Throwable>> outcomes = new ArrayList<>();
        CountDownLatch warm = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<@Nullable Throwable> outcome = new CompletableFuture<>();
            outcomes.add(outcome);
            new Thread(() -> {
                        Throwable failed = create();
                        warm.countDown();
                        while (failed == null) {
                            failed = create();
                        }
                        outcome.complete(failed);
                    })
                    .start();
        }
        await(warm);
        Thread shutdown = new Thread(() -> manager.shutdown(BUDGET), "shutdown");
        shutdown.start();
        for (CompletableFuture<@Nullable Throwable> outcome : outcomes) {
            assertEnds(outcome, shutdown);
        }
    }

    private @Nullable Throwable create() {
        try {
            manager.create();
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private void assertEnds(CompletableFuture<@Nullable Throwable> outcome, Thread shutdown) throws Exception {
        Throwable failed = outcome.get(120, TimeUnit.SECONDS);
        shutdown.join(120_000);
        assertFalse(shutdown.isAlive());
        assertTrue(failed == null || failed instanceof BackupException, String.valueOf(failed));
        assertTrue(closed, "the stores are closed in the end");
        assertEquals(List.of(), late, "nothing ran on closed stores");
    }

    private static void awaitParkedOrEnded(Thread thread) {
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING
                && thread.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(120, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the latch");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
