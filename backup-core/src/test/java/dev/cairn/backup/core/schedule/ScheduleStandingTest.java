package dev.cairn.backup.core.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.testkit.SettableClock;
import dev.cairn.backup.testkit.SettableTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What counts as late. */
class ScheduleStandingTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SettableClock clock = SettableClock.create();
    private final SettableTicker ticker = SettableTicker.create();
    private final List<ScheduleStanding> seen = new ArrayList<>();
    private Runnable work = () -> {};

    private Schedules schedules(Recurrence when, Optional<Instant> lastRun) {
        Schedule schedule = new Schedule("s", when, DatasetSelection.all(), Retention.keepLast(1));
        return new Schedules(List.of(schedule), any -> lastRun, clock, ticker, new Schedules.Runner() {
            @Override
            public SnapshotMetadata run(Schedule due) {
                work.run();
                return SnapshotMetadata.builder(SnapshotId.of("snap-1"), clock.instant())
                        .build();
            }

            @Override
            public void failed(Schedule due, BackupException failure, int consecutive, Duration next) {
                seen.add(null);
            }
        });
    }

    private void pass(Duration time) {
        clock.advance(time);
        ticker.advance(time);
    }

    private static Duration late(Schedules schedules) {
        return schedules.standings().get(0).late();
    }

    @Test
    void aScheduleThatNeverRanIsLateFromTheBeginning() {
        Schedules schedules = schedules(Recurrence.every(HOUR), Optional.empty());
        Instant begun = clock.instant();
        assertEquals(Duration.ZERO, late(schedules));
        pass(MINUTE);
        assertEquals(MINUTE, late(schedules));
        assertEquals(begun, schedules.standings().get(0).due());
        schedules.runIfDue();
        assertEquals(Duration.ZERO, late(schedules));
        assertEquals(clock.instant().plus(HOUR), schedules.standings().get(0).due());
    }

    @Test
    void whatAHostWasNotUpForIsNotLateBeforeItCouldRun() {
        Schedules schedules = schedules(
                Recurrence.daily(LocalTime.of(2, 0), ZoneOffset.UTC),
                Optional.of(clock.instant().minus(Duration.ofDays(9))));
        assertEquals(Duration.ZERO, late(schedules));
        pass(MINUTE);
        assertEquals(MINUTE, late(schedules));
        assertTrue(schedules.standings().get(0).due().isBefore(clock.instant().minus(Duration.ofDays(8))));
    }

    @Test
    void aRunThatIsUnderWayIsLateByItsOwnTime() {
        Schedules schedules = schedules(Recurrence.every(HOUR), Optional.empty());
        pass(HOUR.multipliedBy(5));
        work = () -> {
            assertEquals(Duration.ZERO, late(schedules), "it has just begun");
            pass(MINUTE);
            assertEquals(MINUTE, late(schedules), "it hangs");
        };
        assertEquals(1, schedules.runIfDue().size());
    }

    @Test
    void retriesDoNotMakeItLessLate() {
        Schedules schedules = schedules(Recurrence.every(HOUR), Optional.empty());
        work = () -> {
            throw new ConfigurationException("broken", "wait");
        };
        Instant due = clock.instant();
        for (int i = 0; i < 30; i++) {
            schedules.runIfDue();
            pass(MINUTE);
        }
        ScheduleStanding failing = schedules.standings().get(0);
        assertEquals(due, failing.due());
        assertEquals(MINUTE.multipliedBy(30), failing.late());
        assertEquals(seen.size(), failing.failures());
        assertTrue(failing.nextAttempt().isAfter(due));
        assertEquals("broken. wait", failing.lastFailure().orElseThrow().problem());
        schedules.covered(Set.of("a"), Set.of("a"));
        ScheduleStanding covered = schedules.standings().get(0);
        assertEquals(Duration.ZERO, covered.late());
        assertEquals(0, covered.failures());
        assertEquals(Optional.empty(), covered.lastFailure());
    }

    /** Days of a host that calls when it likes: late is the time since the last run, beyond the interval. */
    @Property(tries = 200)
    void lateIsWhatTheIntervalDoesNotCover(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 360) Integer> minutes) {
        Schedules schedules = schedules(Recurrence.every(HOUR), Optional.empty());
        Duration sinceRun = HOUR; // The first is due at once.
        for (int i = 0; i < minutes.size(); i++) {
            Duration step = Duration.ofMinutes(minutes.get(i));
            pass(step);
            sinceRun = sinceRun.plus(step);
            Duration over = sinceRun.minus(HOUR);
            assertEquals(over.isNegative() ? Duration.ZERO : over, late(schedules));
            if (minutes.get(i) % 3 == 0 && !schedules.runIfDue().isEmpty()) {
                sinceRun = Duration.ZERO;
            }
        }
    }
}
