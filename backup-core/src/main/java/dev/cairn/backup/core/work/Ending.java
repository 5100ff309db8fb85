package dev.cairn.backup.core.work;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** That a thread is to end, told to it while it pauses between two pieces of its work. Thread-safe. */
public final class Ending {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean told;

    /** Tells it; a pause ends at once. */
    public void tell() {
        lock.lock();
        try {
            told = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was told. */
    public boolean isTold() {
        return told;
    }

    /** Pauses; answers whether it was told. An interrupt ends the pause and nothing else: it is not how these threads are ended. */
    public boolean within(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!told && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            return told;
        } finally {
            lock.unlock();
        }
        return told;
    }
}
