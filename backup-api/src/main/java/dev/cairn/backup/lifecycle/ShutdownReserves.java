package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How one budget is divided among the phases of a shutdown. Each phase has a reserve that nothing before it may use; whatever it leaves goes on to those
 * that follow:
 *
 * <pre>
 * a phase may use   what is left of the budget − the reserves of the phases after it
 * </pre>
 *
 * So a phase has its own reserve at least, the drain has only what nobody has reserved, and the whole ends within the budget, if each phase keeps to what
 * it is allowed. One that does not, and cannot be given up because it runs on the caller's thread, takes from the others: then those that can be are
 * skipped, and a phase that is always run ({@link ShutdownPhase#isAlwaysRun}) is allowed its own reserve even past the deadline.
 *
 * @param budget the time for all of it
 * @param reserves what is kept for each phase; every phase is in it
 */
public record ShutdownReserves(Duration budget, Map<ShutdownPhase, Duration> reserves) {

    /**
     * Fills in zero for phases that are missing.
     *
     * @throws InvalidValueException if the budget is not positive or longer than {@link Deadline#LONGEST}, a reserve is negative, or all together are more
     *     than the budget
     */
    public ShutdownReserves {
        Deadline.checked("shutdown budget", budget);
        Map<ShutdownPhase, Duration> all = new EnumMap<>(ShutdownPhase.class);
        Duration left = budget;
        for (ShutdownPhase phase : ShutdownPhase.values()) {
            Duration reserve = reserves.getOrDefault(phase, Duration.ZERO);
            if (reserve.isNegative() || reserve.compareTo(left) > 0) {
                throw new InvalidValueException(
                        "reserve for " + phase,
                        reserve,
                        "zero or more, and together with the other reserves no more than the budget of " + budget);
            }
            left = left.minus(reserve);
            all.put(phase, reserve);
        }
        reserves = Collections.unmodifiableMap(all);
    }

    /**
     * The usual division: a twentieth each for refusing work and pausing intake, a tenth for the commit, half for the snapshot, a tenth for closing. The
     * fifth that remains, and whatever the first two leave, is for the drain.
     */
    public static ShutdownReserves of(Duration budget) {
        Map<ShutdownPhase, Duration> reserves = new EnumMap<>(ShutdownPhase.class);
        for (ShutdownPhase phase : ShutdownPhase.values()) {
            if (phase.share() > 0) {
                reserves.put(phase, budget.dividedBy(phase.share()));
            }
        }
        return new ShutdownReserves(budget, reserves);
    }

    /**
     * With another reserve for one phase.
     *
     * @throws InvalidValueException if it is negative, or all together are more than the budget
     */
    public ShutdownReserves with(ShutdownPhase phase, Duration reserve) {
        Map<ShutdownPhase, Duration> changed = new EnumMap<>(reserves);
        changed.put(phase, reserve);
        return new ShutdownReserves(budget, changed);
    }

    /** What is kept for a phase. */
    public Duration reserve(ShutdownPhase phase) {
        return reserves.getOrDefault(phase, Duration.ZERO);
    }

    /**
     * How long a phase may take.
     *
     * @param left what is left of the budget when it begins, zero or more
     * @return zero or more; zero means that a phase which may be skipped has to be
     */
    public Duration allowed(ShutdownPhase phase, Duration left) {
        Duration allowed = left;
        for (ShutdownPhase later : ShutdownPhase.values()) {
            if (later.compareTo(phase) > 0) {
                allowed = allowed.minus(reserve(later));
            }
        }
        Duration least = phase.isAlwaysRun() ? reserve(phase) : Duration.ZERO;
        return allowed.compareTo(least) < 0 ? least : allowed;
    }
}
