package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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

    /**
     * Waits for a result and throws what the task threw.
     *
     * @param operation named when the waiting thread is interrupted; its flag is kept
     * @throws BackupCancelledException if it was
     */
    public static <T> T await(Future<T> future, String operation) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException(operation);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** The same for what is short and must not be cut short; an interrupt is kept for whoever comes next. */
    static <T> T awaitUninterruptibly(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Throws the cause of a failed task as what it is. */
    public static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof BackupException known) {
            return known;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        computing.shutdown();
        storing.shutdown();
    }
}
