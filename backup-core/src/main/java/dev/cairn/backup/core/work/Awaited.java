package dev.cairn.backup.core.work;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The result of a task on another thread, or what the task threw, as it threw it. */
public final class Awaited {

    private Awaited() {}

    /**
     * Waits for a result and throws what the task threw.
     *
     * @param operation named when the waiting thread is interrupted; its flag is kept
     * @throws BackupCancelledException if it was
     */
    public static <T> T result(Future<T> future, String operation) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException(operation);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** The same for what is short and must not be cut short; an interrupt is kept for whoever comes next. */
    public static <T> T uninterrupted(Future<T> future) {
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
            throw failure(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What to throw for the cause of a failed task; an {@link Error} is thrown at once. */
    public static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof BackupException known) {
            return known;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
    }
}
