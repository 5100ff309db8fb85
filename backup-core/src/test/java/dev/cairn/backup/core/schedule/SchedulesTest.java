package dev.cairn.backup.core.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
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
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SchedulesTest {

    private static final Set<String> ALL = Set.of("a", "b");

    private final SettableClock clock = SettableClock.create();
    private final SettableTicker ticker = SettableTicker.create();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private RuntimeException failure;
    private Runnable during = () -> {};

    private final Schedules.Runner runner = new Schedules.Runner() {
        @Override
        public SnapshotMetadata run(Schedule schedule) {
            during.run();
            if (failure != null) {
                throw failure;
            }
            log.add(schedule.name());
            return SnapshotMetadata.builder(SnapshotId.of(schedule.name() + "-" + log.size()), clock.instant())
                    .build();
        }

        @Override
        public void failed(Schedule schedule, BackupException problem, int consecutive, Duration nextAttempt) {
            log.add(schedule.name() + " failed " + consecutive + ", next in " + nextAttempt.toSeconds() + ": "
                    + problem.getMessage());
        }
    };

    @Test
    void runsWhatIsDueInTheOrderOfDeclaration() {
        Schedules schedules = schedules(every("second", 60), every("first", 60));
        assertEquals(2, schedules.runIfDue().size());
        assertEquals(List.of("second", "first"), log);
        assertEquals(List.of(), schedules.runIfDue());
        assertEquals(Optional.of(Duration.ofSeconds(60)), schedules.untilNext());
    }

    @Test
    void eachKeepsItsOwnTime() {
        Schedules schedules = schedules(every("fast", 60), every("slow", 150));
        for (int i = 0; i < 6; i++) {
            schedules.runIfDue();
            ticker.advance(Duration.ofSeconds(60));
        }
        assertEquals(List.of("fast", "slow", "fast", "fast", "fast", "slow", "fast", "fast"), log);
    }

    @Test
    void aWallClockThatIsSetBackStallsNothing() {
        Schedules schedules = schedules(every("s", 60));
        schedules.runIfDue();
        clock.advance(Duration.ofDays(-900));
        ticker.advance(Duration.ofSeconds(60));
        assertEquals(1, schedules.runIfDue().size());
    }

    @Test
    void aSnapshotOfAllItsDatasetsCountsWhateverTriggeredIt() {
        Schedule onlyA = new Schedule(
                "a", Recurrence.every(Duration.ofSeconds(60)), DatasetSelection.only("a"), Retention.keepLast(1));
        Schedules schedules = schedules(onlyA, every("all", 60));
        schedules.runIfDue();
        ticker.advance(Duration.ofSeconds(60));
        schedules.covered(Set.of("a"), ALL);
        schedules.runIfDue();
        assertEquals(List.of("a", "all", "all"), log, "a is covered, all is not");
    }

    @Test
    void aFailureIsReportedAndTriedAgain() {
        Schedules schedules = schedules(every("s", 600));
        failure = new ConfigurationException("broken", "wait");
        assertEquals(List.of(), schedules.runIfDue());
        ticker.advance(Duration.ofSeconds(9));
        schedules.runIfDue();
        ticker.advance(Duration.ofSeconds(1));
        schedules.runIfDue();
        failure = null;
        ticker.advance(Duration.ofSeconds(20));
        assertEquals(1, schedules.runIfDue().size());
        assertEquals(List.of("s failed 1, next in 10: broken. wait", "s failed 2, next in 20: broken. wait", "s"), log);
        assertEquals(Optional.of(Duration.ofSeconds(600)), schedules.untilNext());
    }

    @Test
    void aScheduleThatIsDueDuringARestoreWaitsAndIsNoFailure() {
        Schedules schedules = schedules(every("s", 600));
        failure = new BackupBusyException("restoring", "wait");
        assertEquals(List.of(), schedules.runIfDue());
        assertEquals(List.of(), log);
        failure = null;
        ticker.advance(Duration.ofSeconds(1));
        assertEquals(1, schedules.runIfDue().size());
    }

    @Test
    void anErrorThatNoContractForeseesIsReportedToo() {
        failure = new IllegalStateException("the host's supplier");
        assertEquals(List.of(), schedules(every("s", 600)).runIfDue());
        assertEquals(1, log.size());
        assertTrue(log.get(0).contains("the host's supplier"), log.get(0));
    }

    @Test
    void oneFailingScheduleDoesNotKeepTheOthersFromRunning() {
        Schedules.Runner half = new Schedules.Runner() {
            @Override
            public SnapshotMetadata run(Schedule schedule) {
                if (schedule.name().equals("bad")) {
                    throw new ConfigurationException("broken", "wait");
                }
                return runner.run(schedule);
            }

            @Override
            public void failed(Schedule schedule, BackupException problem, int consecutive, Duration next) {
                runner.failed(schedule, problem, consecutive, next);
            }
        };
        Schedules schedules =
                new Schedules(List.of(every("bad", 60), every("good", 60)), s -> Optional.empty(), clock, ticker, half);
        assertEquals(1, schedules.runIfDue().size());
        assertEquals("good", log.get(1));
    }

    @Test
    void twoThreadsThatCallAtOnceRunOnce() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        during = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            inside.countDown();
            try {
                assertTrue(goOn.await(120, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            running.decrementAndGet();
        };
        Schedules schedules = schedules(every("s", 60));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<List<SnapshotMetadata>> first = threads.submit(schedules::runIfDue);
            assertTrue(inside.await(120, TimeUnit.SECONDS));
            Future<List<SnapshotMetadata>> second = threads.submit(schedules::runIfDue);
            assertEquals(Optional.of(Duration.ZERO), schedules.untilNext(), "asking waits for nobody");
            goOn.countDown();
            assertEquals(
                    1,
                    first.get(120, TimeUnit.SECONDS).size()
                            + second.get(120, TimeUnit.SECONDS).size());
            assertEquals(1, most.get());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDailyRunThatWasMissedIsCaughtUpOnceAfterAStart() {
        Schedule daily = new Schedule(
                "nightly",
                Recurrence.daily(LocalTime.of(2, 0), ZoneOffset.UTC),
                DatasetSelection.all(),
                Retention.keepLast(7));
        clock.set(java.time.Instant.parse("2026-02-10T09:00:00Z"));
        Schedules schedules = new Schedules(
                List.of(daily),
                s -> Optional.of(java.time.Instant.parse("2026-02-05T02:00:00Z")),
                clock,
                ticker,
                runner);
        assertEquals(1, schedules.runIfDue().size());
        assertEquals(List.of(), schedules.runIfDue());
        assertEquals(Optional.of(Duration.ofHours(17)), schedules.untilNext());
        clock.advance(Duration.ofHours(17));
        assertEquals(1, schedules.runIfDue().size());
    }

    @Test
    void aCalendarOfTheHostsThatFailsIsReportedAndHoldsUpNoOther() {
        Schedule standing = new Schedule(
                "standing", Recurrence.on(Optional::of, ZoneOffset.UTC), DatasetSelection.all(), Retention.keepLast(1));
        Schedules schedules = schedules(standing, every("b", 60));
        assertEquals(Optional.of(Duration.ZERO), schedules.untilNext());
        assertEquals(1, schedules.runIfDue().size());
        assertEquals(2, log.size());
        assertTrue(log.get(0).startsWith("standing failed 1, next in 10: "), log::toString);
        assertEquals(Optional.of(Duration.ofSeconds(10)), schedules.untilNext());
        assertEquals(List.of(), schedules.runIfDue());
    }

    @Test
    void withoutSchedulesNothingIsEverDue() {
        Schedules none = schedules();
        assertTrue(none.isEmpty());
        assertEquals(Optional.empty(), none.untilNext());
        assertEquals(List.of(), none.runIfDue());
    }

    private Schedules schedules(Schedule... schedules) {
        return new Schedules(List.of(schedules), s -> Optional.empty(), clock, ticker, runner);
    }

    private static Schedule every(String name, long seconds) {
        return new Schedule(
                name, Recurrence.every(Duration.ofSeconds(seconds)), DatasetSelection.all(), Retention.keepLast(1));
    }
}
