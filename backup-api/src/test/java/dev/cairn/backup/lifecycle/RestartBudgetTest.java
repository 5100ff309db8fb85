package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 8. */
class RestartBudgetTest {

    private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
    private static final RandomGenerator MIDDLE = RestartPolicyTest.drawing(0.5);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private RestartBudget budget = RestartBudget.start();

    @Test
    void theFifthFailureWithinTenMinutesHoldsDownForFive() {
        assertEquals(restart(1), fail(0));
        assertEquals(restart(2), fail(150));
        assertEquals(restart(4), fail(300));
        assertEquals(restart(8), fail(450));
        assertEquals(hold(300), fail(600)); // Exactly ten minutes after the first.
        assertEquals(1, budget.holdDowns());
    }

    @Test
    void aFifthFailureJustAfterTenMinutesDoesNot() {
        fail(0);
        fail(150);
        fail(300);
        fail(450);
        assertEquals(restart(16), failAt(T0.plusSeconds(600).plusNanos(1)));
    }

    @Test
    void failuresThatNeverFillTheWindowWaitUpToThirtySeconds() {
        long at = 0;
        for (long expected : new long[] {1, 2, 4, 8, 16, 30, 30}) {
            assertEquals(restart(expected), fail(at += 180));
        }
    }

    @Test
    void failuresDuringAHoldDownAreNotCountedAndAreToldTheTimeLeft() {
        holdDownAt(100);
        for (int second = 101; second < 400; second += 13) {
            assertEquals(hold(400 - second), fail(second));
        }
        assertEquals(
                new RestartOutcome.HoldDown(Duration.ofNanos(1)),
                failAt(T0.plusSeconds(400).minusNanos(1)));
        assertEquals(1, budget.holdDowns());
        assertEquals(restart(1), fail(400));
    }

    @Test
    void whenAHoldDownEndsTheHistoryIsClear() {
        holdDownAt(100);
        assertEquals(restart(1), fail(400));
        assertEquals(restart(2), fail(401));
        assertEquals(restart(4), fail(402));
        assertEquals(restart(8), fail(403));
        assertEquals(hold(300), fail(404));
    }

    /** [trap] A flapping service succeeds before each of its failures. */
    @Test
    void oneSuccessDoesNotClearTheHistoryOfAFlappingService() {
        for (int second = 0; second < 400; second += 100) {
            fail(second);
            budget = budget.succeeded(T0.plusSeconds(second + 5));
            budget = budget.succeeded(T0.plusSeconds(second + 95));
        }
        assertEquals(hold(300), fail(400));
    }

    @Test
    void justUnderTenStableMinutesClearNothing() {
        fail(0);
        fail(1);
        budget = budget.succeeded(T0.plusSeconds(10));
        assertFalse(budget.isStable(T0.plusSeconds(610).minusNanos(1)));
        assertEquals(restart(4), failAt(T0.plusSeconds(610).minusNanos(1)));
    }

    @Test
    void tenStableMinutesClearEverything() {
        holdDownAt(0);
        budget = budget.succeeded(T0.plusSeconds(300));
        assertEquals(1, budget.succeeded(T0.plusSeconds(899)).holdDowns());
        assertTrue(budget.isStable(T0.plusSeconds(900)));
        RestartBudget stable = budget.succeeded(T0.plusSeconds(900));
        assertEquals(0, stable.holdDowns());
        assertEquals(0, stable.streak());
        assertEquals(List.of(), stable.failures());
        // Also when nobody reported success in between.
        assertEquals(restart(1), fail(900));
        assertEquals(0, budget.holdDowns());
    }

    @Test
    void stableTimeBeginsAnewAfterAFailure() {
        fail(0);
        budget = budget.succeeded(T0.plusSeconds(1));
        fail(500);
        assertFalse(budget.succeeded(T0.plusSeconds(501)).isStable(T0.plusSeconds(700)));
        budget = budget.succeeded(T0.plusSeconds(501));
        assertEquals(restart(4), fail(1100));
    }

    @Test
    void aFailureDuringAHoldDownEndsTheStableTimeToo() {
        holdDownAt(0);
        budget = budget.succeeded(T0.plusSeconds(10));
        fail(20);
        assertEquals(Optional.empty(), budget.upSince());
        assertFalse(budget.isStable(T0.plusSeconds(700)));
    }

    @Test
    void holdDownsAreCountedUntilTheServiceIsStable() {
        holdDownAt(0);
        holdDownAt(300);
        assertEquals(2, budget.holdDowns());
        budget = budget.succeeded(T0.plusSeconds(600));
        holdDownAt(700);
        assertEquals(3, budget.holdDowns());
    }

    @Test
    void aClockSetBackNeverProlongsAHoldDown() {
        holdDownAt(0);
        Instant yesterday = T0.minus(Duration.ofDays(1));
        assertEquals(FIVE_MINUTES, budget.holdDownLeft(yesterday));
        budget = budget.seenAt(yesterday);
        assertEquals(Duration.ofMinutes(1), budget.holdDownLeft(yesterday.plusSeconds(240)));
        assertEquals(Duration.ZERO, budget.holdDownLeft(yesterday.plusSeconds(300)));
        assertEquals(restart(1), failAt(yesterday.plusSeconds(300)));
    }

    @Test
    void aClockSetBackForgetsNoFailure() {
        for (int second = 0; second < 4; second++) {
            fail(second);
        }
        assertEquals(hold(300), failAt(T0.minus(Duration.ofDays(1))));
    }

    @Test
    void afterAClockSetBackFailuresAgeFromWhenThatWasSeen() {
        for (int second = 0; second < 3; second++) {
            fail(second);
        }
        Instant yesterday = T0.minus(Duration.ofDays(1));
        budget = budget.seenAt(yesterday);
        assertEquals(3, budget.seenAt(yesterday.plusSeconds(600)).failures().size());
        assertEquals(restart(8), failAt(yesterday.plusSeconds(601)));
        assertEquals(restart(16), failAt(yesterday.plusSeconds(602)));
    }

    @Test
    void aClockSetBackMakesNothingStable() {
        fail(0);
        budget = budget.succeeded(T0.plusSeconds(1)).seenAt(T0.minus(Duration.ofDays(1)));
        assertFalse(budget.isStable(T0.minus(Duration.ofDays(1)).plusSeconds(599)));
        assertTrue(budget.isStable(T0.minus(Duration.ofDays(1)).plusSeconds(600)));
    }

    @Test
    void aClockSetAheadEndsAHoldDownAtWorst() {
        holdDownAt(0);
        assertEquals(restart(1), failAt(T0.plus(Duration.ofDays(1))));
        assertEquals(1, budget.holdDowns());
    }

    @Test
    void theEndsOfTimeDoNoHarm() {
        for (Instant first : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH)) {
            for (Instant second : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH)) {
                RestartBudget failed =
                        RestartBudget.start().failed(first, MIDDLE).budget();
                RestartBudget up = failed.succeeded(first);
                assertTrue(up.failed(second, MIDDLE).outcome() instanceof RestartOutcome.RestartAfter);
                budget = RestartBudget.start();
                for (int count = 0; count < 5; count++) {
                    failAt(first);
                }
                assertTrue(budget.holdDownLeft(second).compareTo(FIVE_MINUTES) <= 0);
            }
        }
    }

    @Test
    void countersStopAtTheirLimit() {
        RestartBudget full = new RestartBudget(
                RestartPolicy.defaults(),
                Collections.nCopies(4, T0),
                Integer.MAX_VALUE,
                Optional.empty(),
                Optional.empty(),
                Integer.MAX_VALUE);
        RestartBudget held = full.failed(T0, MIDDLE).budget();
        assertEquals(Integer.MAX_VALUE, held.streak());
        assertEquals(Integer.MAX_VALUE, held.holdDowns());
    }

    @Test
    void stricterRulesHoldAtTheNextFailureAndKeepWhatTheyNeed() {
        for (int second = 0; second < 4; second++) {
            fail(second);
        }
        RestartPolicy defaults = RestartPolicy.defaults();
        budget = budget.under(new RestartPolicy(
                defaults.firstDelay(),
                defaults.longestDelay(),
                defaults.jitter(),
                2,
                defaults.window(),
                defaults.holdDown(),
                defaults.stable()));
        assertEquals(hold(300), fail(4));
        assertEquals(List.of(T0.plusSeconds(3), T0.plusSeconds(4)), budget.failures());
    }

    @Test
    void storedValuesThatCannotBeAreRefused() {
        RestartPolicy policy = RestartPolicy.defaults();
        List<Instant> many = Collections.nCopies(1001, T0);
        assertThrows(
                InvalidValueException.class,
                () -> new RestartBudget(policy, many, 0, Optional.empty(), Optional.empty(), 0));
        assertThrows(
                InvalidValueException.class,
                () -> new RestartBudget(policy, List.of(), -1, Optional.empty(), Optional.empty(), 0));
        assertThrows(
                InvalidValueException.class,
                () -> new RestartBudget(policy, List.of(), 0, Optional.empty(), Optional.empty(), -1));
    }

    private void holdDownAt(long second) {
        for (int count = 0; count < 4; count++) {
            assertTrue(fail(second) instanceof RestartOutcome.RestartAfter);
        }
        assertEquals(hold(300), fail(second));
    }

    private RestartOutcome fail(long second) {
        return failAt(T0.plusSeconds(second));
    }

    private RestartOutcome failAt(Instant at) {
        RestartBudget.Decision decision = budget.failed(at, MIDDLE);
        budget = decision.budget();
        return decision.outcome();
    }

    private static RestartOutcome restart(long seconds) {
        return new RestartOutcome.RestartAfter(Duration.ofSeconds(seconds));
    }

    private static RestartOutcome hold(long seconds) {
        return new RestartOutcome.HoldDown(Duration.ofSeconds(seconds));
    }
}
