package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * When the host stores its cursors and what they stand for: after a time or a number of events, whichever comes first. Time is monotonic: a
 * wall clock that is set back delays nothing.
 *
 * @param interval the longest time between two checkpoints, positive, at most a year
 * @param events the greatest number of events between two, at least 1
 */
public record CheckpointPolicy(Duration interval, long events) {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final CheckpointPolicy DEFAULTS = new CheckpointPolicy(Duration.ofSeconds(30), 500);

    /** @throws InvalidValueException if a value is out of bounds */
    public CheckpointPolicy {
        if (interval.isNegative() || interval.isZero() || interval.compareTo(LONGEST) > 0) {
            throw new InvalidValueException("interval", interval, "more than zero, at most " + LONGEST);
        }
        if (events < 1) {
            throw new InvalidValueException("events", events, "1 or more");
        }
    }

    /** Every 30 seconds or 500 events. */
    public static CheckpointPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Whether a checkpoint is due; reaching a limit exactly makes it due.
     *
     * @param progress what has happened since the last one
     * @param nowNanos a reading of the same ticker as the progress has; readings may wrap around
     */
    public boolean isDue(CheckpointProgress progress, long nowNanos) {
        return progress.events() >= events || nowNanos - progress.takenAtNanos() >= interval.toNanos();
    }
}
