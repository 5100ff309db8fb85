package dev.cairn.backup.core.capture;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.BarrierException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds the host's barrier once and does something inside it. The barrier is called on a thread of the executor, so that a lock that is never got ends in
 * a typed error instead of a host that hangs; with an executor that runs tasks on the caller's thread there is no time limit.
 *
 * @param <T> what is made inside the barrier
 */
final class BarrierRun<T> {

    private enum State {
        WAITING,
        RUNNING,
        DONE,
        GIVEN_UP,
        ABANDONED
    }

    private final Barrier barrier;
    private final Supplier<T> action;
    private final Consumer<T> discard;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread holder;
    private final AtomicReference<@Nullable T> result = new AtomicReference<>();
    private volatile @Nullable RuntimeException failure;
    private volatile boolean ranTwice;

    private BarrierRun(Barrier barrier, Supplier<T> action, Consumer<T> discard) {
        this.barrier = barrier;
        this.action = action;
        this.discard = discard;
    }

    /**
     * @param action what to do inside the barrier
     * @param discard lets go of what was made when the barrier fails afterwards
     * @throws BarrierException if the barrier does not run the action exactly once, to its end, in time
     * @throws BackupCancelledException if the calling thread is interrupted while it waits
     */
    static <T> T hold(Barrier barrier, Supplier<T> action, Consumer<T> discard, Duration timeout, Executor threads) {
        BarrierRun<T> run = new BarrierRun<>(barrier, action, discard);
        threads.execute(run::callHost);
        run.await(timeout);
        return run.outcome();
    }

    private void callHost() {
        holder = Thread.currentThread();
        try {
            if (state.get() == State.GIVEN_UP) {
                return; // Given up before it began: there was no thread yet to interrupt, so the host is not called at
                // all.
            }
            barrier.hold(this::critical);
            if (abandoned()) {
                fail(
                        BarrierException.Reason.NOT_RUN,
                        "Barrier.hold returned before it had run its action to the end",
                        null);
            } else if (ranTwice) {
                fail(BarrierException.Reason.RUN_TWICE, "Barrier.hold ran its action more than once", null);
            }
        } catch (RuntimeException | Error e) {
            abandoned();
            if (failure == null) {
                fail(BarrierException.Reason.FAILED, "Barrier.hold threw " + e, e);
            }
        } finally {
            holder = null;
            ended.countDown();
        }
    }

    /** Whether the barrier has returned and its action has not ended; one that runs elsewhere then keeps nothing. */
    private boolean abandoned() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP)
                || state.compareAndSet(State.RUNNING, State.ABANDONED);
    }

    private void critical() {
        if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
            ranTwice = state.get() != State.GIVEN_UP;
            return; // Too late or too often: nothing must be frozen now.
        }
        try {
            result.set(action.get());
        } catch (RuntimeException e) {
            failure = e; // The host's lock is released in the ordinary way; the caller gets the error.
        } finally {
            if (!state.compareAndSet(State.RUNNING, State.DONE)) {
                discardResult();
            }
        }
    }

    private void await(Duration timeout) {
        boolean interrupted = false;
        boolean overdue = false;
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                try {
                    if (ended.await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    if (giveUp()) {
                        throw error(
                                BarrierException.Reason.TIMEOUT,
                                "The barrier was not held within " + timeout.toMillis() + " ms",
                                null);
                    }
                    if (overdue && state.get() == State.DONE) {
                        discardResult();
                        throw error(
                                BarrierException.Reason.TIMEOUT,
                                "The barrier ran its action and did not return within " + timeout.toMillis() + " ms",
                                null);
                    }
                    overdue = state.get() == State.DONE; // While it runs it is not given up: it has the host's lock.
                    deadline = System.nanoTime() + timeout.toNanos();
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (giveUp()) {
                        throw new BackupCancelledException("waiting for the barrier");
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean giveUp() {
        if (!state.compareAndSet(State.WAITING, State.GIVEN_UP)) {
            return false;
        }
        Thread waiting = holder;
        if (waiting != null) {
            waiting.interrupt();
        }
        return true;
    }

    private T outcome() {
        RuntimeException failed = failure;
        if (failed != null) {
            discardResult();
            throw failed;
        }
        T made = result.get();
        if (made == null) {
            throw error(BarrierException.Reason.NOT_RUN, "Barrier.hold made nothing", null);
        }
        return made;
    }

    private void discardResult() {
        T made = result.getAndSet(null);
        if (made != null) {
            discard.accept(made);
        }
    }

    private void fail(BarrierException.Reason reason, String problem, @Nullable Throwable cause) {
        failure = error(reason, problem, cause);
    }

    private static BarrierException error(BarrierException.Reason reason, String problem, @Nullable Throwable cause) {
        return new BarrierException(
                reason,
                problem,
                switch (reason) {
                    case TIMEOUT ->
                        "Do not call Cairn while holding the barrier's lock; see who holds it, or raise barrierTimeout";
                    case NOT_RUN, RUN_TWICE ->
                        "The barrier must run its action exactly once on the calling thread before it returns";
                    case FAILED -> "Mend the host's barrier; the snapshot was not taken";
                },
                cause);
    }
}
