package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * How far back a cursor may be rewound without a full resync. Both limits are inclusive.
 *
 * @param events the greatest number of events between the target and fetched, at least 0
 * @param window the greatest age of the target, not negative
 */
public record RewindLimits(long events, Duration window) {

    private static final RewindLimits DEFAULTS = new RewindLimits(10_000, Duration.ofMinutes(10));

    /** @throws InvalidValueException if a limit is negative */
    public RewindLimits {
        if (events < 0) {
            throw new InvalidValueException("events", events, "0 or more");
        }
        if (window.isNegative()) {
            throw new InvalidValueException("window", window, "zero or more");
        }
    }

    /** 10 000 events and 10 minutes. */
    public static RewindLimits defaults() {
        return DEFAULTS;
    }
}
