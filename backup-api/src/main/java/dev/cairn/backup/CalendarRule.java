package dev.cairn.backup;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which local times a calendar schedule means; where the clock skips or repeats an hour is {@link Recurrence.Calendar}'s business. Implementations are immutable, thread-safe and fast: they are asked each time
 * somebody waits for a schedule.
 */
public interface CalendarRule {

    /** The first local time strictly after that one; empty if there never is one again. */
    Optional<LocalDateTime> after(LocalDateTime local);

    /**
     * Whether the rule means a distance rather than times of the day, as "every ten minutes" does. Such a one runs also in an hour that the clock repeats, and not for times that the clock skips.
     */
    default boolean isDistance() {
        return false;
    }

    /**
     * A time of day on some days of the week.
     *
     * @param days at least one
     * @param time the time of day
     */
    record OnDays(Set<DayOfWeek> days, LocalTime time) implements CalendarRule {

        /** @throws InvalidValueException if there is no day */
        public OnDays {
            if (days.isEmpty()) {
                throw new InvalidValueException("days of the week", days, "at least one");
            }
            days = Set.copyOf(days);
        }

        @Override
        public Optional<LocalDateTime> after(LocalDateTime local) {
            LocalDateTime next = local.toLocalDate().atTime(time);
            while (!next.isAfter(local) || !days.contains(next.getDayOfWeek())) {
                next = next.plusDays(1);
            }
            return Optional.of(next);
        }

        @Override
        public String toString() {
            return (days.size() == 7 ? "daily" : EnumSet.copyOf(days)) + " at " + time;
        }
    }
}
