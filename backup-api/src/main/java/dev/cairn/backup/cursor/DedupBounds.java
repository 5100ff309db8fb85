package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * How long and how much a dedup window remembers.
 *
 * @param retention how long, in event time, positive
 * @param capacity the greatest number of events of all sources together, 1 to {@link #MAX_CAPACITY}
 */
public record DedupBounds(Duration retention, int capacity) {

    /** What is kept on top of the rewind window, for events that arrive late or out of order. */
    public static final Duration MARGIN = Duration.ofSeconds(120);

    /** The greatest capacity: a window becomes part of a manifest. */
    public static final int MAX_CAPACITY = 1_000_000;

    /** @throws InvalidValueException if a value is out of bounds */
    public DedupBounds {
        if (retention.isNegative() || retention.isZero()) {
            throw new InvalidValueException("retention", retention, "more than zero");
        }
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new InvalidValueException("capacity", capacity, "1 to " + MAX_CAPACITY);
        }
    }

    /**
     * The retention that covers all that can come again: the rewind window and {@link #MARGIN}, and never less than the age of the
     * oldest snapshot that may be restored.
     *
     * @param limits how far a cursor is rewound
     * @param oldestRestorable the greatest age of a snapshot at its restore; zero if there are no restores
     * @param capacity see above
     */
    public static DedupBounds covering(RewindLimits limits, Duration oldestRestorable, int capacity) {
        Duration rewind = limits.window().plus(MARGIN);
        return new DedupBounds(rewind.compareTo(oldestRestorable) >= 0 ? rewind : oldestRestorable, capacity);
    }
}
