package dev.cairn.backup.core.packed.store;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/** Tasks of one operation on shared threads. When the group is closed none of them runs any more, so that nothing is used after its owner has gone. Thread-safe. */
public final class TaskGroup implements AutoCloseable {

    private final ExecutorService threads;
    private int unfinished;
    private volatile boolean stopped;

    TaskGroup(ExecutorService threads) {
        this.threads = threads;
    }

    /** Runs the task soon. */
    public <T> Future<T> submit(Callable<T> task) {
        synchronized (this) {
            unfinished++;
        }
        try {
            return threads.submit(() -> {
                try {
                    if (stopped) {
                        throw new CancellationException();
                    }
                    return task.call();
                } finally {
                    finished();
                }
            });
        } catch (RejectedExecutionException e) {
            finished();
            throw new IllegalStateException("the repository is closed", e);
        }
    }

    private synchronized void finished() {
        unfinished--;
        notifyAll();
    }

    /** Drops the tasks that have not begun and waits for those that have, whatever interrupts come. */
    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        synchronized (this) {
            while (unfinished > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
