package dev.cairn.backup.examples.halo;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The host's own lock: everybody works in the house at a time, unless it has to be quiet for the instant of a backup or for a restore's swap. */
final class HouseLock {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    /** Reads or writes HALO's files. */
    <T> T working(Supplier<T> work) {
        lock.readLock().lock();
        try {
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Cairn's barrier. */
    void whileQuiet(Runnable freeze) {
        lock.writeLock().lock();
        try {
            freeze.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Before a swap: nobody comes in until {@link #letIn}, by the same thread. */
    void sendOut() {
        lock.writeLock().lock();
    }

    /** After the swap, or after it was undone. */
    void letIn() {
        if (lock.isWriteLockedByCurrentThread()) {
            lock.writeLock().unlock();
        }
    }
}
