package dev.cairn.backup.core.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.core.Cron;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CalendarTimesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<ZoneId> ZONES = List.of(
            BERLIN,
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("Australia/Lord_Howe"), // By half an hour.
            ZoneId.of("Pacific/Apia"), // Left out a whole day in 2011.
            ZoneId.of("Asia/Kolkata"));

    private static List<Instant> between(CalendarRule rule, ZoneId zone, Instant from, Instant to) {
        CalendarTimes times = new CalendarTimes(Recurrence.on(rule, zone));
        List<Instant> all = new ArrayList<>();
        Optional<Instant> next = times.after(from);
        while (next.isPresent() && !next.get().isAfter(to)) {
            all.add(next.get());
            next = times.after(next.get());
        }
        return all;
    }

    private static List<Instant> instants(String... texts) {
        return List.of(texts).stream().map(Instant::parse).toList();
    }

    @Test
    void aDistanceGoesOnThroughAnHourThatIsRepeated() {
        List<Instant> night = between(
                Cron.of("*/30 * * * *"),
                BERLIN,
                Instant.parse("2026-10-24T23:59:59Z"),
                Instant.parse("2026-10-25T02:00:00Z"));
        assertEquals(
                instants(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z"),
                night);
    }

    @Test
    void aDistanceLeavesOutTimesThatAreSkipped() {
        List<Instant> night = between(
                Cron.of("*/30 * * * *"),
                BERLIN,
                Instant.parse("2026-03-29T00:29:00Z"),
                Instant.parse("2026-03-29T01:30:00Z"));
        assertEquals(instants("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"), night);
    }

    @Test
    void timesOfTheDayThatAreSkippedRunOnceAtTheEndOfTheGap() {
        List<Instant> night = between(
                Cron.of("0,20,40 2 * * *"),
                BERLIN,
                Instant.parse("2026-03-29T00:00:00Z"),
                Instant.parse("2026-03-29T23:00:00Z"));
        assertEquals(instants("2026-03-29T01:00:00Z"), night);
    }

    @Test
    void timesOfTheDayThatAreRepeatedRunOnce() {
        List<Instant> night = between(
                Cron.of("0,30 2 * * *"),
                BERLIN,
                Instant.parse("2026-10-24T23:00:00Z"),
                Instant.parse("2026-10-25T23:00:00Z"));
        assertEquals(instants("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"), night);
    }

    @Test
    void aRunInTheSecondOfBothHoursIsNotTheFirstAgain() {
        CalendarTimes times = new CalendarTimes(Recurrence.daily(LocalTime.of(2, 30), BERLIN));
        assertEquals(
                Optional.of(Instant.parse("2026-10-26T01:30:00Z")), times.after(Instant.parse("2026-10-25T01:10:00Z")));
    }

    @Test
    void daysOfTheWeekAreThoseOfTheZone() {
        CalendarRule weekly = new CalendarRule.OnDays(Set.of(DayOfWeek.SUNDAY), LocalTime.of(0, 30));
        assertEquals(
                instants("2026-11-21T23:30:00Z", "2026-11-28T23:30:00Z"),
                between(weekly, BERLIN, Instant.parse("2026-11-21T12:00:00Z"), Instant.parse("2026-11-30T00:00:00Z")));
    }

    /** Whoever looks at every minute of the clock on the wall finds the same instants. */
    @Property(tries = 150)
    void theInstantsAreThoseAtWhichTheWallClockShowsTheTime(
            @ForAll @IntRange(max = 4) int zoneIndex,
            @ForAll @IntRange(max = 23) int hour,
            @ForAll @IntRange(max = 59) int minute,
            @ForAll @IntRange(max = 360) int day,
            @ForAll boolean distance) {
        ZoneId zone = ZONES.get(zoneIndex);
        Cron cron = Cron.of(distance ? minute + " * * * *" : minute + " " + hour + " * * *");
        Instant from = Instant.parse("2011-01-01T00:00:00Z").plus(Duration.ofDays(day));
        Instant to = from.plus(Duration.ofDays(4));
        List<Instant> shown = new ArrayList<>();
        LocalDateTime latest = LocalDateTime.MIN;
        for (Instant at = from.plusSeconds(60); !at.isAfter(to); at = at.plusSeconds(60)) {
            LocalDateTime local = LocalDateTime.ofInstant(at, zone);
            boolean matches = local.getMinute() == minute && (distance || local.getHour() == hour);
            if (matches && (distance || local.isAfter(latest))) {
                shown.add(at);
            }
            latest = local.isAfter(latest) ? local : latest;
        }
        List<Instant> found = between(cron, zone, from, to);
        if (!distance) { // What the clock never shows runs at the end of the gap.
            shown.addAll(found.stream()
                    .filter(at -> zone.getRules().nextTransition(at.minusNanos(1)) != null
                            && zone.getRules()
                                    .nextTransition(at.minusNanos(1))
                                    .getInstant()
                                    .equals(at)
                            && zone.getRules().nextTransition(at.minusNanos(1)).isGap()
                            && !shown.contains(at))
                    .toList());
            shown.sort(null);
        }
        assertEquals(shown, found);
        assertTrue(found.size() >= 3, found::toString);
    }
}
