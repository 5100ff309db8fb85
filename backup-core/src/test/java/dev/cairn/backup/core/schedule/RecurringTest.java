package dev.cairn.backup.core.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.testkit.SettableClock;
import dev.cairn.backup.testkit.SettableTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class RecurringTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final SettableClock clock = SettableClock.create();
    private final SettableTicker ticker = SettableTicker.create();
    private final List<String> done = new ArrayList<>();
    private BooleanSupplier work = () -> done.add("done");

    private Recurring daily(Optional<Instant> last) {
        return new Recurring(List.of(task(Recurrence.every(DAY))), name -> last, clock, ticker);
    }

    private Recurring.Task task(Recurrence when) {
        return new Recurring.Task() {
            @Override
            public String name() {
                return "drill";
            }

            @Override
            public Recurrence when() {
                return when;
            }

            @Override
            public boolean run() {
                return work.getAsBoolean();
            }

            @Override
            public void failed(BackupException failure) {
                done.add("failed: " + failure.getMessage());
            }
        };
    }

    @Test
    void whatNeverRanIsDueAtOnceAndThenAtItsDistance() {
        Recurring recurring = daily(Optional.empty());
        recurring.runIfDue();
        recurring.runIfDue();
        assertEquals(List.of("done"), done);
        ticker.advance(DAY);
        recurring.runIfDue();
        assertEquals(2, done.size());
    }

    @Test
    void aRestartDoesNotBeginTheDistanceAnew() {
        Recurring recurring = daily(Optional.of(clock.instant().minus(Duration.ofHours(20))));
        assertEquals(Duration.ofHours(4), recurring.untilNext().orElseThrow());
        recurring.runIfDue();
        assertEquals(List.of(), done);
        ticker.advance(Duration.ofHours(4));
        recurring.runIfDue();
        assertEquals(List.of("done"), done);
    }

    @Test
    void aLastRunFromTheFutureOrFromAgesAgoIsDueAtOnce() {
        daily(Optional.of(clock.instant().plus(DAY))).runIfDue();
        daily(Optional.of(Instant.MIN.plus(Duration.ofDays(1)))).runIfDue();
        assertEquals(List.of("done", "done"), done);
    }

    @Test
    void whatCannotBeDoneYetIsTriedAgainSoonWithoutAFailure() {
        work = () -> false;
        Recurring recurring = daily(Optional.empty());
        recurring.runIfDue();
        Duration wait = recurring.untilNext().orElseThrow();
        assertTrue(wait.compareTo(Duration.ZERO) > 0 && wait.compareTo(Duration.ofMinutes(1)) < 0, wait.toString());
        assertEquals(List.of(), done);
    }

    @Test
    void aFailureIsToldAndAnotherOperationIsNone() {
        work = () -> {
            throw new BackupBusyException("a restore is in progress", "wait");
        };
        Recurring busy = daily(Optional.empty());
        busy.runIfDue();
        assertEquals(List.of(), done);
        assertEquals(Duration.ofSeconds(1), busy.untilNext().orElseThrow());
        work = () -> {
            throw new ConfigurationException("no room", "give some");
        };
        daily(Optional.empty()).runIfDue();
        assertEquals(List.of("failed: no room. give some"), done);
    }

    @Test
    void anErrorOfAHostsCodeIsToldAndHoldsUpNoOther() {
        CalendarRule broken = local -> {
            throw new IllegalStateException("the calendar is broken");
        };
        Recurring recurring = new Recurring(
                List.of(task(Recurrence.on(broken, ZoneOffset.UTC)), task(Recurrence.every(DAY))),
                name -> Optional.empty(),
                clock,
                ticker);
        recurring.runIfDue();
        assertEquals(2, done.size());
        assertTrue(done.get(0).startsWith("failed: drill met an unexpected error"), done.toString());
        assertEquals("done", done.get(1));
        assertTrue(recurring.untilNext().orElseThrow().compareTo(Duration.ZERO) > 0, "it is not tried without a pause");
        done.clear();
        work = () -> {
            throw new IllegalStateException("the probe is broken");
        };
        ticker.advance(DAY);
        recurring.runIfDue();
        assertEquals(2, done.size());
        assertTrue(done.get(1).contains("the probe is broken"), done.toString());
    }
}
