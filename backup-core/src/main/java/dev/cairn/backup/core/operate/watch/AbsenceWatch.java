package dev.cairn.backup.core.operate.watch;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds, on a thread of its own: the thread that runs schedules cannot tell that it hangs itself, in a snapshot that waits for a host's lock or a dead mount.
 */
final class AbsenceWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AbsenceWatch.class);

    private final Duration between;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean closed;

    AbsenceWatch() {
        this(Duration.ofSeconds(10));
    }

    AbsenceWatch(Duration between) {
        this.between = between;
    }

    /** Looks from now on, until {@link #close}. */
    void start(ThreadFactory threads, Runnable look) {
        threads.newThread(() -> work(look)).start();
    }

    private void work(Runnable look) {
        while (!closedWithin()) {
            try {
                look.run();
            } catch (RuntimeException | Error e) { // Must not end the one thread that would tell.
                LOG.warn("Looking after health failed, it is done again", e);
            }
        }
    }

    private boolean closedWithin() {
        lock.lock();
        try {
            long left = between.toNanos();
            while (!closed && left > 0) {
                left = ended.awaitNanos(left);
            }
            return closed;
        } catch (InterruptedException e) {
            LOG.debug("Only close() ends the watch", e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
