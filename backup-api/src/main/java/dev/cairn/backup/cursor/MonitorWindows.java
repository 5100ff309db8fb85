package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * How long a restore is watched. All are positive.
 *
 * @param quiet for how long there must have been no invalid cursor; also the shortest watch
 * @param afterResync how long a source is watched after its full resync
 * @param degraded how long the watch lasts, from the restore, once something is wrong; the longest of the three
 */
public record MonitorWindows(Duration quiet, Duration afterResync, Duration degraded) {

    private static final MonitorWindows DEFAULTS =
            new MonitorWindows(Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofMinutes(15));

    /** @throws InvalidValueException if a window is not positive, or another one is longer than degraded */
    public MonitorWindows {
        if (quiet.isNegative() || quiet.isZero()) {
            throw new InvalidValueException("quiet", quiet, "more than zero");
        }
        if (afterResync.isNegative() || afterResync.isZero()) {
            throw new InvalidValueException("afterResync", afterResync, "more than zero");
        }
        if (degraded.compareTo(quiet) < 0 || degraded.compareTo(afterResync) < 0) {
            throw new InvalidValueException("degraded", degraded, "no shorter than the others");
        }
    }

    /** 60 seconds, 5 minutes, 15 minutes. */
    public static MonitorWindows defaults() {
        return DEFAULTS;
    }
}
