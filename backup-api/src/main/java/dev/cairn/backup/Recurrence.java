package dev.cairn.backup;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/** When a schedule runs. */
public sealed interface Recurrence {

    /**
     * At a fixed distance, measured by the monotonic clock so that a wall clock that is set back stalls nothing. Due at once after a start; every
     * snapshot of the same datasets, whatever triggered it, starts the interval anew.
     *
     * @param interval the distance, at least one second
     */
    record Every(Duration interval) implements Recurrence {
        /** @throws InvalidValueException if the interval is shorter than a second */
        public Every {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new InvalidValueException("interval", interval, "one second or more");
            }
        }
    }

    /**
     * Once a day by the wall clock. A time that the host missed is caught up once, at its next start. Where the clock skips the time it runs at the
     * end of the gap; where the clock repeats it, once.
     *
     * @param time the time of day
     * @param zone the time zone
     */
    record Daily(LocalTime time, ZoneId zone) implements Recurrence {}

    /** At a fixed distance; see {@link Every}. */
    static Recurrence every(Duration interval) {
        return new Every(interval);
    }

    /** Once a day; see {@link Daily}. */
    static Recurrence daily(LocalTime time, ZoneId zone) {
        return new Daily(time, zone);
    }
}
