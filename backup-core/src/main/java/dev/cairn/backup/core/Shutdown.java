package dev.cairn.backup.core;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a manager once, whoever asks first: {@code close()}, {@code shutdown(budget)} or the JVM's hook. Takes the snapshot at shutdown if the last
 * one of everything, with a fifth added, would have fitted what is left of the budget.
 */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private static final Duration STOPPING = Duration.ofSeconds(10);

    private final Settings settings;
    private final OperationGate gate;
    private final Function<CancellationToken, SnapshotId> snapshot;
    private final Supplier<Optional<Duration>> lastDuration;
    private final BiConsumer<ShutdownReport, Duration> end;
    private final ReentrantLock once = new ReentrantLock();
    private volatile @Nullable ShutdownReport report;
    private volatile @Nullable Thread hook;

    /** @param end told the report and what is left of the budget, perhaps less than nothing, when no operation runs any more */
    Shutdown(
            Settings settings,
            OperationGate gate,
            Function<CancellationToken, SnapshotId> snapshot,
            Supplier<Optional<Duration>> lastDuration,
            BiConsumer<ShutdownReport, Duration> end) {
        this.settings = settings;
        this.gate = gate;
        this.snapshot = snapshot;
        this.lastDuration = lastDuration;
        this.end = end;
    }

    /** Has the JVM call {@link #run} when the process is asked to end, if the host wants that. */
    void installHook() {
        ThreadFactory threads = settings.threads();
        if (settings.shutdown().jvmHook() && threads != null) {
            Thread thread = threads.newThread(
                    () -> run(settings.shutdown().snapshotWithin().orElse(Duration.ZERO)));
            hook = thread;
            Runtime.getRuntime().addShutdownHook(thread);
        }
    }

    Optional<ShutdownReport> report() {
        return Optional.ofNullable(report);
    }

    ShutdownReport run(Duration budget) {
        once.lock();
        try {
            ShutdownReport known = report;
            if (known != null) {
                return known;
            }
            long start = System.nanoTime();
            ShutdownReport made = attempt(budget, start);
            report = made;
            if (!gate.isRestoring()) {
                stopOperation();
            }
            gate.close();
            end.accept(made, budget.minusNanos(System.nanoTime() - start));
            removeHook();
            return made;
        } finally {
            once.unlock();
        }
    }

    private ShutdownReport attempt(Duration budget, long start) {
        if (gate.isRestoring()) {
            return ended(ShutdownReport.Outcome.SKIPPED, null, "a restore is unfinished", start);
        }
        if (budget.isZero() || budget.isNegative()) {
            stopOperation();
            return ended(ShutdownReport.Outcome.SKIPPED, null, "no snapshot at shutdown is wanted", start);
        }
        if (!gate.awaitIdle(budget)) {
            stopOperation();
            return ended(ShutdownReport.Outcome.SKIPPED, null, "another operation did not end within " + budget, start);
        }
        try {
            Duration left = budget.minusNanos(System.nanoTime() - start);
            Optional<Duration> expected =
                    lastDuration.get().map(last -> last.multipliedBy(6).dividedBy(5));
            if (expected.isPresent() && expected.get().compareTo(left) > 0) {
                return ended(
                        ShutdownReport.Outcome.SKIPPED,
                        null,
                        "a snapshot is expected to take " + expected.get().toMillis() + " ms, " + left.toMillis()
                                + " ms are left",
                        start);
            }
            return ended(ShutdownReport.Outcome.COMPLETE, withDeadline(left), "", start);
        } catch (BackupException e) {
            return ended(ShutdownReport.Outcome.FAILED, null, e.getMessage(), start);
        } catch (RuntimeException e) {
            LOG.error("The snapshot at shutdown met an unexpected error", e);
            return ended(ShutdownReport.Outcome.FAILED, null, e.toString(), start);
        }
    }

    /** Lets nothing new in and gives what runs a moment to stop, so that the stores are not closed under it. */
    private void stopOperation() {
        gate.close();
        gate.stopRunning();
        gate.awaitIdle(STOPPING);
    }

    private SnapshotId withDeadline(Duration left) {
        CancellationToken token = new CancellationToken();
        ThreadFactory threads = settings.threads();
        if (threads == null) {
            return snapshot.apply(token); // A host that allows no threads has nobody to watch the clock.
        }
        Thread watch = threads.newThread(() -> {
            try {
                Thread.sleep(Math.max(1, left.toMillis()));
                token.cancel();
            } catch (InterruptedException e) {
                // The snapshot was in time.
            }
        });
        watch.start();
        try {
            return snapshot.apply(token);
        } finally {
            watch.interrupt();
        }
    }

    private ShutdownReport ended(ShutdownReport.Outcome outcome, @Nullable SnapshotId id, String detail, long start) {
        return new ShutdownReport(
                outcome,
                Optional.ofNullable(id),
                detail,
                settings.clock().instant(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private void removeHook() {
        Thread installed = hook;
        if (installed != null && installed != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(installed);
            } catch (IllegalStateException e) {
                LOG.trace("The JVM is shutting down, so its hook stays", e);
            }
        }
    }
}
