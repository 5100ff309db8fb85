package dev.cairn.backup.core.packed.store;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of an opened repository: one a core for what computes, as far as the heap allows, and two for what waits for the store. Daemons that end when idle. Thread-safe.
 */
public final class Workers implements AutoCloseable {

    /** What a working thread holds in buffers, at most: a block, its compressed form, its decoded form, and a chunk. */
    private static final long BYTES_PER_THREAD = 24L << 20;

    private static final int MOST_THREADS = 16;

    private final int count;
    private final ThreadPoolExecutor computing;
    private final ThreadPoolExecutor storing;

    Workers() {
        long fitting = Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_THREAD;
        count = (int) Math.max(
                1, Math.min(Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS), fitting));
        computing = threads("cairn-pack-", count);
        storing = threads("cairn-store-", 2);
    }

    private static ThreadPoolExecutor threads(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(count, count, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** How many threads compute. */
    public int count() {
        return count;
    }

    /** A group of tasks that compute; they must not wait for one another. */
    public TaskGroup computing() {
        return new TaskGroup(computing);
    }

    /** A group of tasks that wait for the store. */
    public TaskGroup storing() {
        return new TaskGroup(storing);
    }

    @Override
    public void close() {
        computing.shutdown();
        storing.shutdown();
    }
}
