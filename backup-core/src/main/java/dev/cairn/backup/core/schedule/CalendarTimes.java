package dev.cairn.backup.core.schedule;

import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.Recurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/** The instants that a calendar rule means in a zone whose clock skips and repeats hours. Immutable. */
final class CalendarTimes {

    private final CalendarRule rule;
    private final ZoneId zone;
    private final ZoneRules clock;

    CalendarTimes(Recurrence.Calendar calendar) {
        this.rule = calendar.rule();
        this.zone = calendar.zone();
        this.clock = zone.getRules();
    }

    /** The first one strictly after that instant; empty if there is none. */
    Optional<Instant> after(Instant instant) {
        return rule.isDistance() ? byElapsedTime(instant) : byTheClock(instant);
    }

    /** A time that is skipped is at the end of its gap; a time that is repeated is the first of both. */
    private Optional<Instant> byTheClock(Instant instant) {
        Optional<LocalDateTime> local = next(LocalDateTime.ofInstant(instant, zone));
        while (local.isPresent()) {
            Instant next = at(local.get());
            if (next.isAfter(instant)) {
                return Optional.of(next);
            }
            local = next(local.get()); // The first of both times had passed already.
        }
        return Optional.empty();
    }

    /** A rule that stood still would be asked for ever. */
    private Optional<LocalDateTime> next(LocalDateTime local) {
        Optional<LocalDateTime> next = rule.after(local);
        if (next.isPresent() && !next.get().isAfter(local)) {
            throw new IllegalStateException(
                    "The calendar rule '" + rule + "' answered " + next.get() + " for the next time after " + local);
        }
        return next;
    }

    private Instant at(LocalDateTime local) {
        ZoneOffsetTransition transition = clock.getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : ZonedDateTime.of(local, zone).toInstant();
    }

    /** As if each stretch of one offset were a clock of its own. */
    private Optional<Instant> byElapsedTime(Instant instant) {
        ZoneOffset offset = clock.getOffset(instant);
        LocalDateTime from = LocalDateTime.ofInstant(instant, offset);
        Instant stretch = instant;
        while (true) {
            Optional<LocalDateTime> local = next(from);
            ZoneOffsetTransition end = clock.nextTransition(stretch);
            if (local.isEmpty()) {
                return Optional.empty();
            }
            Instant next = local.get().toInstant(offset);
            if (end == null || next.isBefore(end.getInstant())) {
                return Optional.of(next);
            }
            stretch = end.getInstant();
            offset = end.getOffsetAfter();
            from = end.getDateTimeAfter().minusNanos(1);
        }
    }
}
