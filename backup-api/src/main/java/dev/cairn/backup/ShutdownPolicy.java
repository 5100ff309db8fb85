package dev.cairn.backup;

import java.time.Duration;
import java.util.Optional;

/**
 * What {@code close()} does before it closes.
 *
 * @param snapshotWithin take a snapshot if the last one, with a fifth added, would have fitted this time; empty for none
 * @param jvmHook whether a JVM shutdown hook does the same when the process is asked to end
 */
public record ShutdownPolicy(Optional<Duration> snapshotWithin, boolean jvmHook) {

    /** No snapshot. */
    public static ShutdownPolicy none() {
        return new ShutdownPolicy(Optional.empty(), false);
    }

    /**
     * A snapshot, if it is expected to fit the budget. One that runs over is cancelled: an incomplete snapshot is never listed.
     *
     * @param budget more than zero
     */
    public static ShutdownPolicy snapshotWithin(Duration budget) {
        if (budget.isNegative() || budget.isZero()) {
            throw new InvalidValueException("shutdown budget", budget, "more than zero");
        }
        return new ShutdownPolicy(Optional.of(budget), false);
    }

    /** Also when the process is asked to end (SIGTERM, Ctrl-C, {@code System.exit}); hook and {@code close()} together run it once. */
    public ShutdownPolicy withJvmHook() {
        return new ShutdownPolicy(snapshotWithin, true);
    }
}
