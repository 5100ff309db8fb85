package dev.cairn.backup;

import java.time.Duration;

/**
 * The short form of one schedule over all datasets.
 *
 * @param interval distance of periodic snapshots
 * @param maxRetained how many are kept, at least 1
 * @param maxAge the greatest age that a restore accepts
 */
public record SnapshotPolicy(Duration interval, int maxRetained, Duration maxAge) {

    /** The name of the schedule that a policy stands for. */
    public static final String SCHEDULE = "periodic";

    /** @throws InvalidValueException if a value is out of bounds */
    public SnapshotPolicy {
        Recurrence.every(interval);
        Retention.keepLast(maxRetained);
        if (maxAge.isNegative()) {
            throw new InvalidValueException("maxAge", maxAge, "zero or more");
        }
    }

    /**
     * Every 15 minutes, the newest 3, at most 10 minutes old. With these a third of the time nothing is young enough to be restored without
     * approval; the manager warns of that when it opens.
     */
    public static SnapshotPolicy defaults() {
        return new SnapshotPolicy(Duration.ofMinutes(15), 3, Duration.ofMinutes(10));
    }
}
