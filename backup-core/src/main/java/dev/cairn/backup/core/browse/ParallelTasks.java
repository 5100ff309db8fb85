package dev.cairn.backup.core.browse;

import dev.cairn.backup.core.work.Awaited;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks on a few threads, hands their results back in the order of submission and holds only a window of them in flight. Durable puts spend
 * their time waiting for the disk, so several at a time help also on one core.
 */
final class ParallelTasks<T> implements AutoCloseable {

    private static final int THREADS = 4;
    private static final int WINDOW = 64;

    private final ExecutorService threads;
    private final Deque<Future<T>> inFlight = new ArrayDeque<>();
    private final List<T> results = new ArrayList<>();

    ParallelTasks(String name) {
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs the task soon; waits while the window is full, and throws what an earlier task threw. */
    void submit(Callable<T> task) {
        if (inFlight.size() >= WINDOW) {
            takeOldest();
        }
        inFlight.add(threads.submit(task));
    }

    /** All results, once all tasks have ended. */
    List<T> results() {
        while (!inFlight.isEmpty()) {
            takeOldest();
        }
        return results;
    }

    private void takeOldest() {
        results.add(Awaited.result(inFlight.remove(), "snapshot"));
    }

    /** Waits for the tasks that run, so that nothing is written after the writer has gone; drops those that have not begun. */
    @Override
    public void close() {
        threads.shutdownNow().clear();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
