package dev.cairn.backup.core.schedule;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that waits for schedules. It looks at least once a minute, so that a changed wall clock is noticed. */
public final class ScheduleThread {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleThread.class);
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);
    private static final Duration SHORTEST_NAP = Duration.ofMillis(10);

    private final Schedules schedules;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean stopped;

    /** Makes the thread; {@link #start} starts it. */
    public ScheduleThread(Schedules schedules, ThreadFactory threads) {
        this.schedules = schedules;
        this.thread = threads.newThread(this::work);
    }

    /** Begins to run what is due. */
    public void start() {
        thread.start();
    }

    /** Begins no further run; one that is under way goes on. */
    public void stop() {
        stopped = true;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        while (!stopped) {
            try {
                schedules.runIfDue();
                nap(schedules.untilNext().orElse(LONGEST_NAP));
            } catch (InterruptedException e) {
                LOG.debug("Only stop() ends the schedules' thread", e);
            } catch (RuntimeException | Error e) {
                LOG.error("The schedules' thread met an unexpected error and goes on", e);
            }
        }
    }

    private void nap(Duration wanted) throws InterruptedException {
        Duration nap = wanted.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : wanted;
        nap = nap.compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : nap;
        lock.lock();
        try {
            if (!stopped && !changed.await(nap.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } finally {
            lock.unlock();
        }
    }
}
