package dev.cairn.backup.sqlite.ship;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks at a log again and again: at each interval, at once when somebody waits for it, soon after a wake-up, and less and less often while it fails. All work is done
 * by this one thread. Thread-safe.
 */
final class Beat {

    /** Wake-ups come with every commit of a busy host, and each look that finds one costs a durable write. */
    private static final long LEAST_NANOS = Duration.ofMillis(50).toNanos();

    /** A commit hook runs just before its commit can be seen, so that a wake-up is followed by a second look. */
    private static final long HOOK_NANOS = Duration.ofMillis(5).toNanos();

    private final long interval;
    private final long longest;
    private final Object lock = new Object();

    // Guarded by lock.
    private Mode wanted = Mode.RUNNING;
    private Mode reached = Mode.RUNNING;
    private @Nullable String anew;
    private long asked;
    private long answered;
    private long refused;
    private boolean ended;

    private volatile @Nullable Thread thread;
    private volatile boolean woken;
    private volatile boolean urgent;

    private enum Mode {
        RUNNING,
        PAUSED,
        CLOSED
    }

    /** What is done, on the beat's thread. Never throws. */
    interface Work {

        /** Looks once and does what there is to do; false if it failed. */
        boolean beat();

        /** Does the last of it and lets go of everything. */
        void rest();

        /** Makes the next beat begin anew, for this reason. */
        void beginAnew(String why);
    }

    Beat(Duration interval, Duration longestPause) {
        this.interval = interval.toNanos();
        this.longest = longestPause.toNanos();
    }

    /** Starts the thread, unless it was paused or closed before. */
    void start(ThreadFactory threads, String name, Work work) {
        Thread made = threads.newThread(() -> run(work));
        if (made == null) {
            throw new IllegalStateException("the thread factory made no thread");
        }
        made.setName(name);
        synchronized (lock) {
            if (thread != null) {
                throw new IllegalStateException("started before");
            }
            if (wanted == Mode.CLOSED) {
                return;
            }
            thread = made;
        }
        boolean started = false;
        try {
            made.start();
            started = true;
        } finally {
            if (!started) {
                end();
            }
        }
    }

    /** Cheap, never throws. */
    void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    /** A beat that begins after this call; answers whether there was one in time and it did not fail. */
    boolean now(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            if (thread == null || wanted != Mode.RUNNING) {
                return false;
            }
            long mine = ++asked;
            hurry();
            while (answered < mine && refused < mine && !ended) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                try {
                    lock.wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            return answered >= mine;
        }
    }

    /** Rests when this returns. */
    void pause() {
        go(Mode.PAUSED);
    }

    void resume(String why) {
        synchronized (lock) {
            if (wanted == Mode.PAUSED) {
                wanted = Mode.RUNNING;
                reached = Mode.RUNNING;
                anew = why;
                hurry();
            }
        }
    }

    /** Rests for good when this returns. */
    void close() {
        go(Mode.CLOSED);
    }

    /** Waits for the thread however long it takes: half let go is not let go. An interrupt of the caller is kept. */
    private void go(Mode mode) {
        boolean interrupted = false;
        synchronized (lock) {
            if (wanted != Mode.CLOSED) {
                wanted = mode;
            }
            hurry();
            while (thread != null && reached != wanted && !ended) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void hurry() {
        urgent = true;
        LockSupport.unpark(thread);
    }

    private void run(Work work) {
        try {
            long pause = interval;
            boolean second = false;
            while (true) {
                Mode mode;
                String reason;
                long ticket;
                boolean hooked = woken;
                woken = false;
                synchronized (lock) {
                    urgent = false;
                    mode = wanted;
                    reason = anew;
                    anew = null;
                    ticket = asked;
                }
                if (mode != Mode.RUNNING) {
                    work.rest();
                    if (reached(mode)) {
                        return;
                    }
                    await(Long.MAX_VALUE, false);
                    continue;
                }
                if (reason != null) {
                    work.beginAnew(reason);
                }
                boolean done = work.beat();
                answer(ticket, done);
                pause = done ? interval : Math.min(longest, Math.max(interval, pause * 2));
                long look = second ? LEAST_NANOS : HOOK_NANOS;
                second = done && hooked && !second;
                await(done && hooked ? Math.min(pause, look) : pause, done);
            }
        } finally {
            end();
        }
    }

    private void end() {
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
        }
    }

    private boolean reached(Mode mode) {
        synchronized (lock) {
            if (wanted == mode) {
                reached = mode;
            }
            lock.notifyAll();
            return mode == Mode.CLOSED;
        }
    }

    private void answer(long ticket, boolean done) {
        synchronized (lock) {
            if (done) {
                answered = ticket;
            } else {
                refused = ticket;
            }
            lock.notifyAll();
        }
    }

    /** Parks until the pause is over or somebody waits; a wake-up counts too, unless the last beat failed. */
    private void await(long pause, boolean wakeable) {
        long since = System.nanoTime();
        while (!urgent) {
            long passed = System.nanoTime() - since;
            long left = (wakeable && woken ? Math.min(pause, LEAST_NANOS) : pause) - passed;
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, left);
            // Nobody has a reason to interrupt this thread, and an interrupt would close the channel on the log.
            Thread.interrupted();
        }
    }
}
