package dev.cairn.backup;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;

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
     * By the wall clock. Times that the host missed are caught up once, at its next start, however many they were. Where the clock skips the time it runs at the end of the gap, where the clock repeats
     * it, once; but a rule that means a distance ({@link CalendarRule#isDistance}) goes by elapsed time.
     *
     * @param rule which local times
     * @param zone the time zone
     * @param jitter the longest delay; each run is delayed by a random part of it, so that many hosts do not come at once. Times that fall into a delay are served by the run that ends it. Zero to 24 hours
     */
    record Calendar(CalendarRule rule, ZoneId zone, Duration jitter) implements Recurrence {
        /** @throws InvalidValueException if the jitter is out of bounds */
        public Calendar {
            if (jitter.isNegative() || jitter.compareTo(Duration.ofDays(1)) > 0) {
                throw new InvalidValueException("jitter", jitter, "zero to 24 hours");
            }
        }

        /**
         * The same with another longest delay.
         *
         * @throws InvalidValueException if it is out of bounds
         */
        public Calendar withJitter(Duration longest) {
            return new Calendar(rule, zone, longest);
        }
    }

    /** At a fixed distance; see {@link Every}. */
    static Recurrence every(Duration interval) {
        return new Every(interval);
    }

    /** Once a day; see {@link Calendar}. */
    static Calendar daily(LocalTime time, ZoneId zone) {
        return weekly(EnumSet.allOf(DayOfWeek.class), time, zone);
    }

    /** On one day of the week; see {@link Calendar}. */
    static Calendar weekly(DayOfWeek day, LocalTime time, ZoneId zone) {
        return weekly(EnumSet.of(day), time, zone);
    }

    /**
     * On some days of the week; see {@link Calendar}.
     *
     * @throws InvalidValueException if there is no day
     */
    static Calendar weekly(Set<DayOfWeek> days, LocalTime time, ZoneId zone) {
        return on(new CalendarRule.OnDays(days, time), zone);
    }

    /** By any rule, such as a cron expression; see {@link Calendar}. */
    static Calendar on(CalendarRule rule, ZoneId zone) {
        return new Calendar(rule, zone, Duration.ZERO);
    }
}
