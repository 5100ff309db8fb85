package dev.cairn.backup.examples.agtmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreDryRun;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.cursor.AheadOfFetchedException;
import dev.cairn.backup.cursor.CheckpointPolicy;
import dev.cairn.backup.cursor.CheckpointProgress;
import dev.cairn.backup.cursor.CursorRegressionException;
import dev.cairn.backup.cursor.CursorWatermarks;
import dev.cairn.backup.cursor.DedupBounds;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.InvalidCursorTracker;
import dev.cairn.backup.cursor.RecoveryAction;
import dev.cairn.backup.cursor.ResyncReason;
import dev.cairn.backup.cursor.RewindLimits;
import dev.cairn.backup.cursor.RewindOutcome;
import dev.cairn.backup.cursor.Sighting;
import dev.cairn.backup.cursor.StateDedupWindow;
import dev.cairn.backup.lifecycle.AlertKind;
import dev.cairn.backup.lifecycle.DependencyGate;
import dev.cairn.backup.lifecycle.RestartBudget;
import dev.cairn.backup.lifecycle.RestartOutcome;
import dev.cairn.backup.lifecycle.SourceHealth;
import dev.cairn.backup.lifecycle.SourceSignal;
import dev.cairn.backup.lifecycle.SourceState;
import dev.cairn.backup.lifecycle.SourceTransitionException;
import dev.cairn.backup.lifecycle.UnknownStageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules of the runbook that are pure values. */
class AgtmuxValuesTest {

    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration MAX_AGE = SnapshotPolicy.defaults().maxAge();

    private static RestoreVerdict verdict(long version, Duration age, long current) {
        SnapshotMetadata snapshot = SnapshotMetadata.builder(SnapshotId.of("snap-7"), NOW.minus(age))
                .projectionVersion(version)
                .build();
        return new RestoreDryRun(snapshot, NOW).check(current, MAX_AGE);
    }

    @Test
    void agtmux03_versionAheadIsDecidedFirstThenTooOldAndEqualPassesBoth() {
        Duration tooOld = MAX_AGE.plusMillis(1);
        assertEquals(new RestoreVerdict.VersionAhead(11, 10), verdict(11, tooOld, 10), "the version comes first");
        assertEquals(new RestoreVerdict.TooOld(tooOld, MAX_AGE), verdict(10, tooOld, 10));
        assertEquals(new RestoreVerdict.Ok(MAX_AGE), verdict(10, MAX_AGE, 10), "equal passes both tests");
        assertEquals(new RestoreVerdict.Ok(Duration.ZERO), verdict(10, Duration.ofMinutes(-3), 10), "of the future");
        assertFalse(verdict(11, Duration.ZERO, 10).permitsRestore());
        assertFalse(verdict(10, tooOld, 10).permitsRestore());
        assertTrue(verdict(10, MAX_AGE, 10).permitsRestore());
    }

    @Test
    void agtmux04_watermarksStartAtZeroAndRefuseToGoBackOrAhead() {
        CursorWatermarks start = CursorWatermarks.start();
        assertEquals(new CursorWatermarks(0, 0), start);
        CursorWatermarks fetched = start.advanceFetched(100).commit(40);
        assertEquals(fetched, fetched.advanceFetched(100), "equal passes");
        assertEquals(fetched, fetched.commit(40), "equal passes");
        CursorRegressionException lower =
                assertThrows(CursorRegressionException.class, () -> fetched.advanceFetched(99));
        assertEquals(List.of(100L, 99L), List.of(lower.current(), lower.attempted()));
        assertTrue(lower.getMessage().contains("100") && lower.getMessage().contains("99"), lower.getMessage());
        CursorRegressionException back = assertThrows(CursorRegressionException.class, () -> fetched.commit(39));
        assertEquals(List.of(40L, 39L), List.of(back.current(), back.attempted()));
        AheadOfFetchedException ahead = assertThrows(AheadOfFetchedException.class, () -> fetched.commit(101));
        assertEquals(List.of(100L, 101L), List.of(ahead.fetched(), ahead.attempted()));
        assertTrue(ahead.getMessage().contains("100") && ahead.getMessage().contains("101"), ahead.getMessage());
        assertEquals(new CursorWatermarks(100, 40), fetched, "errors change nothing");
    }

    @Test
    void agtmux05_aRewindHasTwoInclusiveLimitsOfWhichTheEventsAreTestedFirst() {
        CursorWatermarks at = CursorWatermarks.at(20_000);
        Duration window = Duration.ofMinutes(10);
        assertEquals(new RewindOutcome.Rewound(CursorWatermarks.at(10_000)), at.safeRewind(10_000, window));
        RewindOutcome far = at.safeRewind(9_999, window.plusSeconds(1));
        assertEquals(new RewindOutcome.TooManyEvents(10_001, 10_000), far, "both limits are broken, events are named");
        RewindOutcome old = at.safeRewind(19_999, window.plusSeconds(1));
        assertEquals(new RewindOutcome.TooOld(window.plusSeconds(1), window), old);
        for (RewindOutcome refused : List.of(far, old)) {
            assertEquals(new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT), refused.action());
        }
        assertThrows(AheadOfFetchedException.class, () -> at.safeRewind(20_001, Duration.ZERO));
    }

    @Test
    void agtmux06_aSingleInvalidCursorIsRetriedAndTheThirdWithinAMinuteForcesAResync() {
        RecoveryAction resync = new RecoveryAction.FullResync(ResyncReason.INVALID_STREAK);
        InvalidCursorTracker three = InvalidCursorTracker.start();
        assertEquals(RecoveryAction.retry(), three.invalid(NOW));
        assertEquals(RecoveryAction.retry(), three.invalid(NOW.plusSeconds(30)));
        assertEquals(resync, three.invalid(NOW.plusSeconds(60)));
        assertEquals(AlertSeverity.WARN, resync.severity());

        InvalidCursorTracker valid = InvalidCursorTracker.start();
        valid.invalid(NOW);
        valid.invalid(NOW.plusSeconds(1));
        valid.valid();
        assertEquals(RecoveryAction.retry(), valid.invalid(NOW.plusSeconds(2)), "a valid event clears the streak");

        InvalidCursorTracker quiet = InvalidCursorTracker.start();
        quiet.invalid(NOW);
        quiet.invalid(NOW.plusSeconds(1));
        assertEquals(RecoveryAction.retry(), quiet.invalid(NOW.plusSeconds(61)), "so does a minute without one");

        InvalidCursorTracker slow = InvalidCursorTracker.start();
        slow.invalid(NOW);
        slow.invalid(NOW.plusSeconds(40));
        assertEquals(RecoveryAction.retry(), slow.invalid(NOW.plusSeconds(80)), "three, but not within 60 s");
    }

    @Test
    void agtmux06_theRetryTakesFetchedBackToCommitted() {
        assertEquals(
                CursorWatermarks.at(40),
                CursorWatermarks.start().advanceFetched(100).commit(40).retryFromCommitted());
    }

    @Test
    void agtmux07_aCheckpointIsDueAfterThirtySecondsOrFiveHundredEvents() {
        CheckpointPolicy policy = CheckpointPolicy.defaults();
        CheckpointProgress taken = CheckpointProgress.taken(Long.MAX_VALUE - 5); // A ticker may wrap around.
        long second = Duration.ofSeconds(1).toNanos();
        long start = Long.MAX_VALUE - 5;
        assertFalse(policy.isDue(taken.committed(499), start + 30 * second - 1));
        assertTrue(policy.isDue(taken.committed(500), start));
        assertTrue(policy.isDue(taken, start + 30 * second));
    }

    @Test
    void agtmux07_dedupRemembersTwelveMinutesOfEventTimeBySourceSessionAndEvent() {
        DedupBounds bounds = DedupBounds.covering(RewindLimits.defaults(), Duration.ZERO, 1_000);
        assertEquals(RewindLimits.defaults().window().plusSeconds(120), bounds.retention());
        assertEquals(Duration.ofMinutes(12), bounds.retention());
        StateDedupWindow window = StateDedupWindow.empty(bounds);
        EventKey first = new EventKey("claude", "s1", "e1");
        Instant wall = NOW.plus(Duration.ofDays(30)); // The host's clock is far ahead: only event time counts.
        assertEquals(Sighting.FIRST, window.observe(first, NOW, wall));
        assertEquals(Sighting.FIRST, window.observe(new EventKey("codex", "s1", "e1"), NOW, wall), "another source");
        assertEquals(Sighting.FIRST, window.observe(new EventKey("claude", "s2", "e1"), NOW, wall), "another session");
        assertEquals(Sighting.FIRST, window.observe(new EventKey("claude", "s1", "e2"), NOW, wall), "another event");
        assertEquals(
                Sighting.FIRST, window.observe(new EventKey("claude", "s1", "e3"), NOW.plus(bounds.retention()), wall));
        assertEquals(Sighting.DUPLICATE, window.observe(first, NOW, wall), "at the limit it is still known");
        window.observe(
                new EventKey("claude", "s1", "e4"), NOW.plus(bounds.retention()).plusMillis(1), wall);
        assertEquals(Sighting.TOO_OLD, window.observe(first, NOW, wall), "behind it nobody can tell");
    }

    @Test
    void agtmux08_waitsDoubleFromOneSecondToThirtyWithATwentyPercentJitter() {
        Random random = new Random(8);
        double[] expected = {1, 2, 4, 8, 16, 30, 30, 30};
        double least = 2;
        double most = 0;
        for (int round = 0; round < 200; round++) {
            RestartBudget budget = RestartBudget.start();
            Instant at = NOW;
            for (double seconds : expected) {
                RestartBudget.Decision decision = budget.failed(at, random);
                budget = decision.budget();
                RestartOutcome.RestartAfter after = (RestartOutcome.RestartAfter) decision.outcome();
                double factor = after.delay().toNanos() / 1e9 / seconds;
                assertTrue(factor >= 0.8 && factor <= 1.2, () -> after + " for " + seconds);
                least = Math.min(least, factor);
                most = Math.max(most, factor);
                at = at.plus(Duration.ofMinutes(3)); // Never five within ten minutes.
            }
        }
        assertTrue(least < 0.85 && most > 1.15, "the jitter uses its room: " + least + " to " + most);
    }

    @Test
    void agtmux08_theFifthFailureWithinTenMinutesHoldsDownForFiveAndTheEndClearsTheHistory() {
        Random random = new Random(8);
        RestartBudget budget = RestartBudget.start();
        for (int i = 0; i < 4; i++) {
            budget = budget.failed(NOW.plusSeconds(150L * i), random).budget();
        }
        Instant held = NOW.plusSeconds(600); // Ten minutes after the first: still within.
        RestartBudget.Decision fifth = budget.failed(held, random);
        assertEquals(new RestartOutcome.HoldDown(Duration.ofMinutes(5)), fifth.outcome());
        RestartBudget.Decision during = fifth.budget().failed(held.plusSeconds(60), random);
        assertEquals(new RestartOutcome.HoldDown(Duration.ofMinutes(4)), during.outcome(), "the time left");
        assertEquals(fifth.budget().streak(), during.budget().streak(), "not counted");
        assertFalse(during.budget().failures().contains(held.plusSeconds(60)), "not counted");
        RestartBudget after = during.budget().seenAt(held.plus(Duration.ofMinutes(5)));
        assertEquals(List.of(), after.failures());
        RestartOutcome fresh =
                after.failed(held.plus(Duration.ofMinutes(5)), random).outcome();
        assertTrue(
                ((RestartOutcome.RestartAfter) fresh).delay().toMillis() <= 1_200, "it begins with a second: " + fresh);
    }

    @Test
    void agtmux08_onlyTenStableMinutesForget() {
        Random random = new Random(8);
        RestartBudget budget = RestartBudget.start().failed(NOW, random).budget();
        RestartBudget up = budget.succeeded(NOW.plusSeconds(1));
        Instant almost = NOW.plusSeconds(1).plus(Duration.ofMinutes(10)).minusMillis(1);
        assertEquals(1, up.seenAt(almost).streak());
        assertEquals(0, up.seenAt(almost.plusMillis(1)).streak());
    }

    @Test
    void agtmux09_theGateBeginsUnreadyRefusesUnknownNamesAndListsInOrder() {
        assertEquals(List.of("Sources", "Gateway", "Daemon", "UI"), DependencyGate.STANDARD_ORDER);
        DependencyGate gate = DependencyGate.standard();
        assertEquals(DependencyGate.STANDARD_ORDER, gate.unready());
        assertFalse(gate.isReady());
        UnknownStageException unknown = assertThrows(UnknownStageException.class, () -> gate.markReady("Database"));
        assertTrue(unknown.getMessage().contains("Database"), unknown.getMessage());
        gate.markReady("UI");
        gate.markReady("Gateway");
        assertEquals(List.of("Sources", "Daemon"), gate.unready());
        assertEquals(List.of("Sources"), gate.unreadyBefore("Daemon"));
        gate.markReady("Sources");
        gate.markReady("Daemon");
        assertTrue(gate.isReady());
        gate.markUnready("Sources");
        assertFalse(gate.isReady());
        assertEquals(List.of("Sources"), gate.unreadyBefore("UI"), "it can go unready again");
        assertTrue(DependencyGate.of().isReady(), "an empty gate is ready");
        assertThrows(InvalidValueException.class, () -> DependencyGate.of("UI", "UI"));
    }

    @Test
    void agtmux10_severitiesAreOrderedAndEachKindHasItsOwn() {
        assertEquals(
                List.of(AlertSeverity.INFO, AlertSeverity.WARN, AlertSeverity.DEGRADED, AlertSeverity.ESCALATE),
                List.of(AlertSeverity.values()));
        assertEquals(AlertSeverity.INFO, AlertKind.RESTORE_STARTED.severity());
        assertEquals(AlertSeverity.INFO, AlertKind.RESTORE_COMPLETED.severity());
        assertEquals(AlertSeverity.WARN, AlertKind.CURSOR_REWOUND.severity());
        assertEquals(AlertSeverity.WARN, AlertKind.CURSOR_RESYNCED.severity());
        for (AlertKind degraded : List.of(AlertKind.CURSOR_RESYNCED_AGAIN, AlertKind.SOURCE_NOT_ACTIVE)) {
            assertEquals(AlertSeverity.DEGRADED, degraded.severity());
            assertEquals(Duration.ofMinutes(15), degraded.watch());
        }
        for (AlertKind paging : List.of(AlertKind.HOLD_DOWN, AlertKind.HOLD_DOWN_AGAIN, AlertKind.VERSION_AHEAD)) {
            assertEquals(AlertSeverity.ESCALATE, paging.severity());
            assertTrue(paging.pages());
        }
        assertTrue(AlertKind.VERSION_AHEAD.isIncident());
    }

    @Test
    void agtmux18_aSourceComesBackByHelloAndByDeliveringAndARevokedOneOnlyByRegistering() {
        SourceHealth stale = SourceHealth.registered("codex", NOW).on(SourceSignal.LAPSED, NOW);
        assertEquals(SourceState.STALE, stale.state());
        assertThrows(SourceTransitionException.class, () -> stale.on(SourceSignal.CONFIRMED, NOW), "no hello yet");
        SourceHealth pending = stale.on(SourceSignal.HELLO, NOW);
        assertEquals(SourceState.PENDING, pending.state());
        assertEquals(SourceState.ACTIVE, pending.on(SourceSignal.CONFIRMED, NOW).state());
        SourceHealth revoked = pending.on(SourceSignal.REVOKED, NOW);
        assertThrows(SourceTransitionException.class, () -> revoked.on(SourceSignal.HELLO, NOW), "it stays out");
        assertEquals(
                SourceState.PENDING, revoked.on(SourceSignal.REGISTERED, NOW).state());
    }
}
