package dev.cairn.backup.lifecycle;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs actions on an executor and gives up those that run over. */
record ExecutorRunner(Executor executor) implements ActionRunner {

    @Override
    public boolean run(LifecycleAction action, Duration atMost) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            action.run();
            return true;
        });
        executor.execute(task);
        try {
            return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // What ended between the timeout and the cancellation did end, and its failure counts.
            return !task.cancel(true) && result(task);
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static boolean result(FutureTask<Boolean> ended) throws Exception {
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /** The action's own failure. An interrupt of the executor's thread stays wrapped: it is not one of the calling thread. */
    private static Exception failure(ExecutionException wrapped) {
        Throwable failure = wrapped.getCause();
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception && !(failure instanceof InterruptedException)
                ? exception
                : wrapped;
    }
}
