package dev.cairn.backup.core.drill;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillReport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does one step after the other, each on a thread of its own and within its own time. A host that allows no threads has nobody to end a step early: there it is done on the caller's, and judged by its
 * time afterwards. For one thread.
 */
final class TimedSteps {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long ENDING_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final String drill;
    private final @Nullable ThreadFactory threads;
    private final BooleanSupplier unwanted;
    private final List<DrillReport.Step> steps = new ArrayList<>();

    /** What a step does: what is wrong, or empty; what it throws is wrong too. */
    interface Work {
        Optional<String> run(CancellationToken token) throws Exception;
    }

    /** @param unwanted whether the drill is to end */
    TimedSteps(String drill, @Nullable ThreadFactory threads, BooleanSupplier unwanted) {
        this.drill = drill;
        this.threads = threads;
        this.unwanted = unwanted;
    }

    /** Those that were done or named, in order. */
    List<DrillReport.Step> all() {
        return List.copyOf(steps);
    }

    /** Whether all of them passed. */
    boolean passed() {
        return steps.stream().allMatch(DrillReport.Step::passed);
    }

    /**
     * Does a step and answers whether it passed.
     *
     * @throws BackupCancelledException if the drill is to end, or this thread was interrupted, whose flag is kept; the step has ended or was given ten seconds to
     */
    boolean run(String name, Duration timeout, Work work) {
        requireWanted();
        long start = System.nanoTime();
        Optional<String> problem = threads == null ? here(work) : apart(threads, timeout, work, start);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        if (problem.isEmpty() && elapsed.compareTo(timeout) > 0) {
            problem = Optional.of("took " + elapsed.toMillis() + " ms, allowed are " + timeout.toMillis() + " ms");
        }
        Outcome outcome = problem.isEmpty() ? Outcome.PASSED : Outcome.FAILED;
        steps.add(new DrillReport.Step(name, outcome, elapsed, timeout, problem.orElse("")));
        requireWanted();
        return problem.isEmpty();
    }

    /** Names a step that could not be done. */
    void notEvaluated(String name, Duration timeout, String why) {
        steps.add(new DrillReport.Step(name, Outcome.NOT_EVALUATED, Duration.ZERO, timeout, why));
    }

    /** Adds a step that was done elsewhere. */
    void add(DrillReport.Step step) {
        steps.add(step);
    }

    /** For what must be done also if the drill is to end. */
    TimedSteps uncancelled() {
        return new TimedSteps(drill, threads, () -> false);
    }

    private void requireWanted() {
        if (unwanted.getAsBoolean()) {
            throw new BackupCancelledException(drill);
        }
    }

    private static Optional<String> here(Work work) {
        try {
            return work.run(new CancellationToken());
        } catch (Exception | AssertionError e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(sentence(e));
        }
    }

    private Optional<String> apart(ThreadFactory factory, Duration timeout, Work work, long start) {
        CancellationToken token = new CancellationToken();
        FutureTask<Optional<String>> task = new FutureTask<>(() -> work.run(token));
        Thread thread = factory.newThread(task);
        thread.start();
        try {
            while (true) {
                long left = timeout.toNanos() - (System.nanoTime() - start);
                try {
                    return task.get(Math.max(0, Math.min(left, LOOK_NANOS)), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (unwanted.getAsBoolean() || left <= 0) {
                        stop(token, thread);
                        return Optional.of("was not done within " + timeout.toMillis() + " ms"
                                + (thread.isAlive() ? " and does not end" : ""));
                    }
                }
            }
        } catch (ExecutionException e) {
            return Optional.of(sentence(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            stop(token, thread);
            Thread.currentThread().interrupt();
            throw new BackupCancelledException(drill);
        }
    }

    /** The room is removed next, and nobody should still be writing in it. */
    private static void stop(CancellationToken token, Thread thread) {
        token.cancel();
        thread.interrupt();
        try {
            thread.join(ENDING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sentence(Throwable failure) {
        return failure instanceof dev.cairn.backup.BackupException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
    }
}
