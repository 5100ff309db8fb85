package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.ShutdownReport;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Says what a host does in each phase of its shutdown. Phases that are not given do not take place. Not thread-safe. */
public final class ShutdownSequenceBuilder {

    private final LongSupplier ticker;
    private final ActionRunner runner;
    private final Map<ShutdownPhase, PhaseStep> steps = new EnumMap<>(ShutdownPhase.class);
    private Optional<SnapshotStep> snapshot = Optional.empty();
    private ShutdownReserves reserves;

    ShutdownSequenceBuilder(ShutdownReserves reserves, LongSupplier ticker, ActionRunner runner) {
        this.reserves = reserves;
        this.ticker = ticker;
        this.runner = runner;
    }

    /**
     * Keeps that much of the budget for a phase instead of the usual part; see {@link ShutdownReserves}. When several are changed, those that shrink come
     * first.
     *
     * @throws InvalidValueException if it is negative, or all reserves together are more than the budget
     */
    public ShutdownSequenceBuilder reserve(ShutdownPhase phase, Duration reserve) {
        reserves = reserves.with(phase, reserve);
        return this;
    }

    /** How nothing new is let in; has to be quick. */
    public ShutdownSequenceBuilder refuseNewWork(LifecycleAction action) {
        return step(ShutdownPhase.REFUSE_NEW_WORK, action);
    }

    /** How sources and timers are paused. */
    public ShutdownSequenceBuilder pauseIntake(LifecycleAction action) {
        return step(ShutdownPhase.PAUSE_INTAKE, action);
    }

    /** How what is under way is worked off. */
    public ShutdownSequenceBuilder drain(DrainAction action) {
        return step(ShutdownPhase.DRAIN, deadline -> {
            long left = action.drain(deadline);
            return left > 0 ? new PhaseOutcome.Partly(left) : new PhaseOutcome.Done();
        });
    }

    /** How what was worked off is committed. */
    public ShutdownSequenceBuilder commit(LifecycleAction action) {
        return step(ShutdownPhase.COMMIT, action);
    }

    /**
     * How the snapshot is taken: {@code manager::shutdown}, which closes the manager too.
     *
     * @param action given the time that it may take, answers what became of it
     */
    public ShutdownSequenceBuilder snapshot(Function<Duration, ShutdownReport> action) {
        SnapshotStep step = new SnapshotStep(action);
        snapshot = Optional.of(step);
        return step(ShutdownPhase.SNAPSHOT, step);
    }

    /** What is closed at the end, in that order; each is, whatever the others throw. */
    public ShutdownSequenceBuilder closeStores(AutoCloseable... stores) {
        return step(ShutdownPhase.CLOSE_STORES, new StoreClosing(List.of(stores)));
    }

    /** The sequence, not run yet. The builder is used up. */
    public ShutdownSequence build() {
        return new ShutdownSequence(reserves, ticker, runner, new EnumMap<>(steps), snapshot);
    }

    private ShutdownSequenceBuilder step(ShutdownPhase phase, LifecycleAction action) {
        return step(phase, deadline -> {
            action.run();
            return new PhaseOutcome.Done();
        });
    }

    private ShutdownSequenceBuilder step(ShutdownPhase phase, PhaseStep step) {
        if (steps.putIfAbsent(phase, step) != null) {
            throw new InvalidValueException("phase", phase, "each phase only once");
        }
        return this;
    }
}
