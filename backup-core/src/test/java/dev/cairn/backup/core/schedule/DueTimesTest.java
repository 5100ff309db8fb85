package dev.cairn.backup.core.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BEHAVIOUR, agtmux 1 and SONIA 4. */
class DueTimesTest {

    private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** Close below the overflow of a long, as System.nanoTime may be. */
    private static final long TICK = Long.MAX_VALUE - 5;

    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final LongUnaryOperator NONE = bound -> 0;

    @Test
    void theFirstIsAlwaysDue() {
        assertTrue(isDue(every(), TICK, NOW));
    }

    @Test
    void theNextIsDueExactlyWhenTheIntervalHasPassed() {
        DueTimes times = every();
        times.succeeded(TICK, NOW);
        assertEquals(INTERVAL, times.until(TICK, NOW));
        assertFalse(isDue(times, TICK + INTERVAL.toNanos() - 1, NOW));
        assertTrue(isDue(times, TICK + INTERVAL.toNanos(), NOW));
    }

    @Test
    void anyTriggerStartsTheIntervalAnew() {
        DueTimes times = every();
        times.succeeded(TICK, NOW);
        long later = TICK + Duration.ofMinutes(10).toNanos();
        times.covered(later);
        assertFalse(isDue(times, TICK + INTERVAL.toNanos(), NOW));
        assertTrue(isDue(times, later + INTERVAL.toNanos(), NOW));
    }

    @Test
    void aWallClockThatIsSetBackStallsNothing() {
        DueTimes times = every();
        times.succeeded(TICK, NOW);
        assertTrue(isDue(times, TICK + INTERVAL.toNanos(), NOW.minus(Duration.ofDays(3650))));
        assertFalse(isDue(times, TICK + 1, NOW.plus(Duration.ofDays(3650))));
    }

    @Test
    void failuresAreRetriedAfterTenSecondsDoublingUpToAQuarterOfAnHour() {
        DueTimes times = new DueTimes(Recurrence.every(Duration.ofHours(10)), NOW, NONE);
        List<Long> waits = new ArrayList<>();
        long now = TICK;
        for (int i = 0; i < 9; i++) {
            Duration wait = times.failed(now);
            waits.add(wait.toSeconds());
            assertEquals(wait, times.until(now, NOW));
            assertFalse(isDue(times, now + wait.toNanos() - 1, NOW));
            assertTrue(isDue(times, now + wait.toNanos(), NOW));
            now += wait.toNanos();
        }
        assertEquals(List.of(10L, 20L, 40L, 80L, 160L, 320L, 640L, 900L, 900L), waits);
        assertEquals(9, times.failures());
    }

    @Test
    void aRetryNeverWaitsLongerThanTheInterval() {
        DueTimes times = new DueTimes(Recurrence.every(Duration.ofSeconds(15)), NOW, NONE);
        assertEquals(Duration.ofSeconds(10), times.failed(TICK));
        assertEquals(Duration.ofSeconds(15), times.failed(TICK));
        for (int i = 0; i < 100; i++) {
            assertEquals(Duration.ofSeconds(15), times.failed(TICK));
        }
    }

    @Test
    void aSuccessEndsTheRetries() {
        DueTimes times = every();
        times.failed(TICK);
        times.failed(TICK);
        times.covered(TICK);
        assertEquals(0, times.failures());
        assertEquals(INTERVAL, times.until(TICK, NOW));
        assertEquals(Duration.ofSeconds(10), times.failed(TICK));
    }

    @ParameterizedTest
    @CsvSource({
        // Last run, next run. Berlin is at +01:00, from 29 March to 25 October at +02:00.
        "2026-01-10T12:00:00Z, 2026-01-11T01:00:00Z",
        "2026-01-10T01:00:00Z, 2026-01-11T01:00:00Z",
        "2026-01-10T00:59:59Z, 2026-01-10T01:00:00Z",
        "2026-03-28T12:00:00Z, 2026-03-29T01:00:00Z",
        "2026-03-29T01:00:00Z, 2026-03-30T00:00:00Z",
        "2026-10-24T12:00:00Z, 2026-10-25T00:00:00Z",
        "2026-10-25T00:00:00Z, 2026-10-26T01:00:00Z",
    })
    void aDailyScheduleRunsAtTwoInBerlin(Instant last, Instant next) {
        DueTimes times = new DueTimes(Recurrence.daily(LocalTime.of(2, 0), BERLIN), last, NONE);
        assertEquals(Duration.ofNanos(1), times.until(0, next.minusNanos(1)));
        assertTrue(isDue(times, 0, next));
    }

    @Test
    void aTimeThatTheClockSkipsRunsAtTheEndOfTheGap() {
        DueTimes times = new DueTimes(
                Recurrence.daily(LocalTime.of(2, 30), BERLIN), Instant.parse("2026-03-28T12:00:00Z"), NONE);
        Instant gapEnd = Instant.parse("2026-03-29T01:00:00Z");
        assertFalse(isDue(times, 0, gapEnd.minusNanos(1)));
        assertTrue(isDue(times, 0, gapEnd));
        times.succeeded(0, gapEnd);
        assertFalse(isDue(times, 0, Instant.parse("2026-03-29T12:00:00Z")));
        assertTrue(isDue(times, 0, Instant.parse("2026-03-30T00:30:00Z")));
    }

    @Test
    void aTimeThatTheClockRepeatsRunsOnce() {
        DueTimes times = new DueTimes(
                Recurrence.daily(LocalTime.of(2, 30), BERLIN), Instant.parse("2026-10-24T12:00:00Z"), NONE);
        int runs = 0;
        for (Instant now = Instant.parse("2026-10-24T22:00:00Z");
                now.isBefore(Instant.parse("2026-10-25T22:00:00Z"));
                now = now.plusSeconds(60)) {
            if (isDue(times, 0, now)) {
                runs++;
                times.succeeded(0, now);
            }
        }
        assertEquals(1, runs);
    }

    @Test
    void missedDaysAreCaughtUpOnce() {
        DueTimes times = daily(NOW.minus(Duration.ofDays(30)));
        assertTrue(isDue(times, 0, NOW));
        times.succeeded(0, NOW);
        assertFalse(isDue(times, 0, NOW));
        assertFalse(isDue(times, 0, NOW.plus(Duration.ofHours(12))));
    }

    @Test
    void aRunIsDelayedByAPartOfTheJitterThatStaysTheSameUntilItRan() {
        List<Long> bounds = new ArrayList<>();
        LongUnaryOperator half = bound -> {
            bounds.add(bound);
            return bound / 2;
        };
        DueTimes times = new DueTimes(
                Recurrence.daily(LocalTime.of(2, 0), BERLIN).withJitter(Duration.ofMinutes(20)), NOW, half);
        Instant meant = Instant.parse("2026-01-11T01:00:00Z");
        assertEquals(Duration.ofMinutes(10), times.until(0, meant));
        assertTrue(isDue(times, 0, meant.plus(Duration.ofMinutes(10))));
        assertEquals(List.of(Duration.ofMinutes(20).toNanos() + 1), bounds);
        times.succeeded(0, meant.plus(Duration.ofMinutes(10)));
        assertEquals(Duration.ofDays(1), times.until(0, meant.plus(Duration.ofMinutes(10))));
        assertEquals(2, bounds.size());
    }

    @Test
    void aRuleWithoutAnotherTimeIsNeverDue() {
        CalendarRule ended = local -> Optional.empty();
        DueTimes times = new DueTimes(Recurrence.on(ended, BERLIN), NOW, NONE);
        assertFalse(isDue(times, 0, NOW.plus(Duration.ofDays(10_000))));
    }

    @Test
    void aManualSnapshotIsNoDailyRun() {
        DueTimes times = daily(NOW.minus(Duration.ofDays(2)));
        times.covered(0);
        assertTrue(isDue(times, 0, NOW));
    }

    @Test
    void aClockThatWasSetBackDoesNotStallADailyScheduleUntilItHasCaughtUp() {
        DueTimes times = daily(NOW.plus(Duration.ofDays(400)));
        assertFalse(isDue(times, 0, NOW));
        Duration wait = times.until(0, NOW);
        assertTrue(wait.compareTo(Duration.ofDays(1)) <= 0, wait.toString());
    }

    /** A loop that looks every so often, in any zone: each local day is served at most once, and never later than one step after its time. */
    @Property(tries = 30)
    void everyDayIsServedExactlyOnce(
            @ForAll @IntRange(max = 23) int hour,
            @ForAll @IntRange(max = 59) int minute,
            @ForAll @IntRange(min = 1, max = 120) int stepMinutes,
            @ForAll @IntRange(max = 5) int zoneIndex) {
        ZoneId zone = ZoneId.of(List.of(
                        "Europe/Berlin",
                        "America/Sao_Paulo",
                        "America/New_York",
                        "Australia/Lord_Howe",
                        "Asia/Kolkata",
                        "UTC")
                .get(zoneIndex));
        LocalTime time = LocalTime.of(hour, minute);
        Instant start = Instant.parse("2018-01-01T00:00:00Z");
        DueTimes times = new DueTimes(Recurrence.daily(time, zone), start, NONE);
        int runs = 0;
        long days = 300;
        for (Instant now = start;
                now.isBefore(start.plus(Duration.ofDays(days)));
                now = now.plus(Duration.ofMinutes(stepMinutes))) {
            if (isDue(times, 0, now)) {
                runs++;
                times.succeeded(0, now);
            }
        }
        assertTrue(Math.abs(runs - days) <= 1, runs + " runs in " + days + " days at " + time + " in " + zone);
    }

    @Property
    void anIntervalIsNeverLateNorEarlyWhateverTheWallClockDoes(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 1200) Integer> seconds, @ForAll long wallSeed) {
        DueTimes times = every();
        java.util.Random wall = new java.util.Random(wallSeed);
        long now = TICK;
        times.succeeded(now, NOW);
        long last = now;
        for (int step : seconds) {
            now += Duration.ofSeconds(step).toNanos();
            Instant shown = NOW.plusSeconds(wall.nextInt(2_000_000) - 1_000_000);
            assertEquals(now - last >= INTERVAL.toNanos(), isDue(times, now, shown));
            if (isDue(times, now, shown)) {
                times.succeeded(now, shown);
                last = now;
            }
        }
    }

    private static DueTimes every() {
        return new DueTimes(Recurrence.every(INTERVAL), NOW, NONE);
    }

    private static DueTimes daily(Instant last) {
        return new DueTimes(Recurrence.daily(LocalTime.of(2, 0), BERLIN), last, NONE);
    }

    private static boolean isDue(DueTimes times, long nanos, Instant now) {
        Duration wait = times.until(nanos, now);
        return wait.isZero() || wait.isNegative();
    }
}
