package dev.cairn.backup.core.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.BarrierException;
import dev.cairn.backup.SourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BarrierRunTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<String> discarded = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void noThreadIsLeft() throws Exception {
        threads.shutdown();
        assertTrue(threads.awaitTermination(120, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted(), "no test leaves its thread interrupted");
    }

    private String hold(Barrier barrier, Duration timeout) {
        return BarrierRun.hold(barrier, () -> "made " + runs.incrementAndGet(), discarded::add, timeout, threads);
    }

    /** One whose time counts from the moment at which the latch is open: a thread that is slow to start takes nothing of it. */
    private Executor reaching(CountDownLatch reached) {
        return task -> {
            threads.execute(task);
            await(reached);
        };
    }

    private BarrierException.Reason reason(Barrier barrier, Duration timeout) {
        return reason(barrier, timeout, threads);
    }

    private BarrierException.Reason reason(Barrier barrier, Duration timeout, Executor executor) {
        BarrierException thrown = assertThrows(
                BarrierException.class,
                () -> BarrierRun.hold(
                        barrier, () -> "made " + runs.incrementAndGet(), discarded::add, timeout, executor));
        assertFalse(thrown.nextStep().isBlank());
        return thrown.reason();
    }

    @Test
    void whatIsMadeInsideIsHandedOut() {
        assertEquals("made 1", hold(Barrier.none(), LONG));
        assertEquals(List.of(), discarded);
    }

    @Test
    void theHostsLockIsHeldOnAThreadOfTheExecutor() {
        Thread[] inside = new Thread[1];
        hold(
                action -> {
                    inside[0] = Thread.currentThread();
                    action.run();
                },
                LONG);
        assertNotEquals(Thread.currentThread(), inside[0]);
    }

    @Test
    void aBarrierThatNeverRunsItsActionIsRefused() {
        assertEquals(BarrierException.Reason.NOT_RUN, reason(action -> {}, LONG));
        assertEquals(0, runs.get());
    }

    @Test
    void aBarrierThatRunsItsActionTwiceIsRefusedAndTheSecondMakesNothing() {
        assertEquals(
                BarrierException.Reason.RUN_TWICE,
                reason(
                        action -> {
                            action.run();
                            action.run();
                        },
                        LONG));
        assertEquals(1, runs.get());
        assertEquals(List.of("made 1"), discarded);
    }

    @Test
    void aBarrierThatThrowsBeforeOrAfterItsActionIsRefused() {
        IllegalStateException trouble = new IllegalStateException("the host's own");
        BarrierException before = assertThrows(
                BarrierException.class,
                () -> hold(
                        action -> {
                            throw trouble;
                        },
                        LONG));
        assertEquals(BarrierException.Reason.FAILED, before.reason());
        assertSame(trouble, before.getCause());
        assertEquals(0, runs.get());
        assertEquals(
                BarrierException.Reason.FAILED,
                reason(
                        action -> {
                            action.run();
                            throw new AssertionError("an error, not an exception");
                        },
                        LONG));
        assertEquals(List.of("made 1"), discarded);
    }

    @Test
    void anErrorOfTheActionIsTheCallersAndTheBarrierSeesNone() {
        SourceException failure = new SourceException("a", "is gone", "put it back", null);
        boolean[] clean = new boolean[1];
        Barrier barrier = action -> {
            action.run();
            clean[0] = true;
        };
        SourceException thrown = assertThrows(
                SourceException.class,
                () -> BarrierRun.hold(
                        barrier,
                        () -> {
                            throw failure;
                        },
                        made -> {},
                        LONG,
                        threads));
        assertSame(failure, thrown);
        assertTrue(clean[0]);
    }

    @Test
    void aLockThatSomeoneElseHoldsIsGivenUpAndALateRunFreezesNothing() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        lock.lock(); // The caller holds the lock that the barrier wants: the mistake that every host makes once.
        try {
            assertEquals(
                    BarrierException.Reason.TIMEOUT,
                    reason(
                            action -> {
                                reached.countDown();
                                lock.lock();
                                try {
                                    action.run();
                                } finally {
                                    lock.unlock();
                                    late.countDown();
                                }
                            },
                            SHORT,
                            reaching(reached)));
        } finally {
            lock.unlock();
        }
        assertTrue(late.await(120, TimeUnit.SECONDS));
        assertEquals(0, runs.get());
        assertEquals(List.of(), discarded);
    }

    @Test
    void aLockThatIsNotReentrantAndHeldByTheCallerIsGivenUpAndItsWaiterInterrupted() throws Exception {
        Semaphore lock = new Semaphore(0);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        assertEquals(
                BarrierException.Reason.TIMEOUT,
                reason(
                        action -> {
                            reached.countDown();
                            try {
                                lock.acquire();
                                action.run();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        },
                        SHORT,
                        reaching(reached)));
        assertTrue(interrupted.await(120, TimeUnit.SECONDS), "the host's thread does not wait for ever");
    }

    @Test
    void anInterruptedCallerGivesUpAndKeepsItsFlag() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThrows(
                BackupCancelledException.class,
                () -> hold(
                        action -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                return;
                            }
                            action.run();
                        },
                        LONG));
        assertTrue(Thread.interrupted(), "the flag is kept");
        assertEquals(0, runs.get());
    }

    @Test
    void anInterruptWhileTheBarrierIsHeldWaitsForItsEndAndIsKept() {
        Thread caller = Thread.currentThread();
        CountDownLatch inside = new CountDownLatch(1);
        String made = BarrierRun.hold(
                Barrier.none(),
                () -> {
                    caller.interrupt();
                    inside.countDown();
                    return "made";
                },
                discarded::add,
                LONG,
                threads);
        assertEquals("made", made);
        assertTrue(Thread.interrupted(), "the flag is kept");
    }

    @Test
    void aFreezeThatTakesLongerThanTheTimeoutIsNotGivenUp() {
        Duration timeout = SHORT;
        while (true) {
            try {
                assertEquals("made", frozenForFourTimes(timeout));
                return;
            } catch (BarrierException slow) {
                // What is given up is only a thread that does not come back from the barrier: with more time it does.
                assertTrue(slow.getMessage().contains("did not return"), slow.getMessage());
                timeout = timeout.multipliedBy(8);
                if (timeout.compareTo(LONG) > 0) {
                    throw slow;
                }
            }
        }
    }

    private String frozenForFourTimes(Duration timeout) {
        CountDownLatch frozen = new CountDownLatch(1);
        return BarrierRun.hold(
                Barrier.none(),
                () -> {
                    frozen.countDown();
                    try {
                        assertFalse(new CountDownLatch(1).await(4 * timeout.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return "made";
                },
                discarded::add,
                timeout,
                reaching(frozen));
    }

    /** A barrier that hands its action to another thread and does not wait for it: what is made too late is let go. */
    @Test
    void whatIsMadeAfterTheBarrierHasReturnedIsDiscarded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Barrier careless = action -> {
            threads.execute(() -> {
                action.run();
                ended.countDown();
            });
            await(begun);
        };
        BarrierException thrown = assertThrows(
                BarrierException.class,
                () -> BarrierRun.hold(
                        careless,
                        () -> {
                            begun.countDown();
                            await(goOn);
                            return "made";
                        },
                        discarded::add,
                        LONG,
                        threads));
        assertEquals(BarrierException.Reason.NOT_RUN, thrown.reason());
        goOn.countDown();
        await(ended);
        assertEquals(List.of("made"), discarded);
    }

    @Test
    void withoutThreadsTheCallerHoldsTheBarrier() {
        Thread[] inside = new Thread[1];
        assertEquals(
                "made",
                BarrierRun.hold(
                        Barrier.none(),
                        () -> {
                            inside[0] = Thread.currentThread();
                            return "made";
                        },
                        discarded::add,
                        SHORT,
                        Runnable::run));
        assertSame(Thread.currentThread(), inside[0]);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
