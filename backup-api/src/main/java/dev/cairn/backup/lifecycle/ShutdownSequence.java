package dev.cairn.backup.lifecycle;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a host down in the one order that loses nothing: refuse new work, pause intake, drain what fits, commit it, snapshot, close the stores. One
 * deadline holds for all of it, divided by {@link ShutdownReserves}; a phase that fails, or has no time, keeps no later one from its turn.
 *
 * <p>Runs once: whoever asks first runs it on its own thread, whoever asks meanwhile waits, and all get the same record. A host's {@code close()} calls
 * {@link #close()}; {@link ShutdownHook} has the JVM do so. An interrupt ends the phase in progress, if it lets itself be ended, and not the shutdown;
 * the flag is set again at the end. No phase may call {@code System.exit}: where a hook is installed, that would wait for the hook, and the hook for the
 * phase.
 *
 * <p>With {@link ActionRunner#on} a phase that hangs is given up, so the snapshot and the closing of the stores have the time reserved for them whatever the
 * others do. With {@link ActionRunner#onCallerThread} they have it if the others keep their deadlines.
 */
public final class ShutdownSequence implements AutoCloseable {

    private final ShutdownReserves reserves;
    private final LongSupplier ticker;
    private final PhaseRunner phases;
    private final Map<ShutdownPhase, PhaseStep> steps;
    private final Optional<SnapshotStep> snapshot;
    private final ReentrantLock one = new ReentrantLock();
    private volatile @Nullable ShutdownRecord ended;

    ShutdownSequence(
            ShutdownReserves reserves,
            LongSupplier ticker,
            ActionRunner runner,
            Map<ShutdownPhase, PhaseStep> steps,
            Optional<SnapshotStep> snapshot) {
        this.reserves = reserves;
        this.ticker = ticker;
        this.phases = new PhaseRunner(ticker, runner);
        this.steps = steps;
        this.snapshot = snapshot;
    }

    /**
     * Begins the description of a shutdown.
     *
     * @param budget the time for all of it, more than zero, at most {@link Deadline#LONGEST}; well below what the process is given before it is killed
     * @param ticker monotonic nanoseconds, such as {@code System::nanoTime}
     * @param runner where the phases run, and whether one that hangs is given up
     * @throws InvalidValueException if the budget is out of bounds
     */
    public static ShutdownSequenceBuilder within(Duration budget, LongSupplier ticker, ActionRunner runner) {
        return new ShutdownSequenceBuilder(
                ShutdownReserves.of(Deadline.checked("shutdown budget", budget)), ticker, runner);
    }

    /** How the budget is divided. */
    public ShutdownReserves reserves() {
        return reserves;
    }

    /** How it went; empty until it has ended. */
    public Optional<ShutdownRecord> ended() {
        return Optional.ofNullable(ended);
    }

    /**
     * Runs the shutdown, or waits for the one that runs. What fails in it is in the record, never thrown.
     *
     * @return how it went; for each caller the same
     * @throws BackupBusyException if a phase calls this; the shutdown goes on
     */
    public ShutdownRecord run() {
        if (isInsideAPhase()) {
            throw new BackupBusyException(
                    "A phase of the shutdown asked for the shutdown", "Call close() there, which does nothing then");
        }
        one.lock();
        try {
            ShutdownRecord known = ended;
            if (known != null) {
                return known;
            }
            ShutdownRecord made = shutDown();
            ended = made;
            return made;
        } finally {
            one.unlock();
        }
    }

    /**
     * {@link #run} for hosts that are {@link AutoCloseable}. Never throws for a phase that failed; does nothing when one of the phases calls it, which
     * happens where closing a store closes its host.
     */
    @Override
    public void close() {
        if (!isInsideAPhase()) {
            run();
        }
    }

    private boolean isInsideAPhase() {
        return one.isHeldByCurrentThread() || phases.isActing();
    }

    private ShutdownRecord shutDown() {
        long begin = ticker.getAsLong();
        Deadline end = Deadline.in(reserves.budget(), ticker);
        boolean interrupted = Thread.interrupted();
        List<ShutdownRecord.Phase> records = new ArrayList<>();
        for (ShutdownPhase phase : ShutdownPhase.values()) {
            PhaseStep step = steps.get(phase);
            if (step != null) {
                ShutdownRecord.Phase ran = run(phase, step, end);
                interrupted |= Thread.interrupted() || isInterrupt(ran.outcome());
                records.add(ran);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new ShutdownRecord(records, snapshot.flatMap(SnapshotStep::report), reserves.budget(), since(begin));
    }

    private ShutdownRecord.Phase run(ShutdownPhase phase, PhaseStep step, Deadline end) {
        long begin = ticker.getAsLong();
        Duration allowed = reserves.allowed(phase, end.left());
        PhaseOutcome outcome = allowed.isZero() && !phase.isAlwaysRun()
                ? new PhaseOutcome.Skipped("no time was left for it of the " + reserves.budget() + " for the shutdown")
                : phases.run(step, allowed);
        return new ShutdownRecord.Phase(phase, outcome, allowed, since(begin));
    }

    private static boolean isInterrupt(PhaseOutcome outcome) {
        return outcome instanceof PhaseOutcome.Failed failed
                && failed.cause().filter(InterruptedException.class::isInstance).isPresent();
    }

    private Duration since(long begin) {
        return Duration.ofNanos(ticker.getAsLong() - begin);
    }
}
