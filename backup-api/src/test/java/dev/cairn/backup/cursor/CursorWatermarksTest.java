package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 4 and 5. */
class CursorWatermarksTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    void watermarksStartAtZero() {
        assertEquals(new CursorWatermarks(0, 0), CursorWatermarks.start());
        assertEquals(0, CursorWatermarks.start().inFlight());
    }

    @Test
    void fetchedMayStayWhereItIs() {
        CursorWatermarks at = new CursorWatermarks(7, 3);
        assertEquals(at, at.advanceFetched(7));
        assertEquals(new CursorWatermarks(8, 3), at.advanceFetched(8));
    }

    @Test
    void fetchedNeverGoesBackByAdvancing() {
        CursorRegressionException thrown =
                assertThrows(CursorRegressionException.class, () -> new CursorWatermarks(7, 3).advanceFetched(6));
        assertEquals(7, thrown.current());
        assertEquals(6, thrown.attempted());
    }

    @Test
    void aCommitBelowCommittedIsRefusedBeforeOneAheadOfFetched() {
        CursorWatermarks at = new CursorWatermarks(7, 3);
        CursorRegressionException lower = assertThrows(CursorRegressionException.class, () -> at.commit(2));
        assertEquals(3, lower.current());
        assertEquals(2, lower.attempted());
        AheadOfFetchedException ahead = assertThrows(AheadOfFetchedException.class, () -> at.commit(8));
        assertEquals(7, ahead.fetched());
        assertEquals(8, ahead.attempted());
        assertThrows(
                CursorRegressionException.class, () -> CursorWatermarks.start().commit(-1));
    }

    @Test
    void aRewindOfExactlyTheLimitPassesAndOneMoreIsRefused() {
        CursorWatermarks at = new CursorWatermarks(20_000, 20_000);
        assertEquals(new RewindOutcome.Rewound(CursorWatermarks.at(10_000)), at.safeRewind(10_000, TEN_MINUTES));
        RewindOutcome refused = at.safeRewind(9_999, Duration.ZERO);
        assertEquals(new RewindOutcome.TooManyEvents(10_001, 10_000), refused);
        assertEquals(new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT), refused.action());
    }

    @Test
    void aTargetOlderThanTenMinutesIsRefused() {
        Duration older = TEN_MINUTES.plusNanos(1);
        RewindOutcome refused = new CursorWatermarks(20, 20).safeRewind(19, older);
        assertEquals(new RewindOutcome.TooOld(older, TEN_MINUTES), refused);
        assertEquals(new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT), refused.action());
    }

    @Test
    void theNumberOfEventsIsTestedBeforeTheAge() {
        assertInstanceOf(
                RewindOutcome.TooManyEvents.class,
                new CursorWatermarks(20_000, 20_000).safeRewind(0, Duration.ofDays(1)));
    }

    @Test
    void aTargetAboveFetchedIsAnErrorAndNeverAMoveForward() {
        AheadOfFetchedException thrown = assertThrows(
                AheadOfFetchedException.class, () -> new CursorWatermarks(7, 3).safeRewind(8, Duration.ZERO));
        assertEquals(7, thrown.fetched());
        assertEquals(8, thrown.attempted());
    }

    @Test
    void aTargetStillInFlightLeadsToCommitted() {
        assertEquals(
                new RewindOutcome.Rewound(CursorWatermarks.at(3)),
                new CursorWatermarks(7, 3).safeRewind(5, Duration.ZERO));
    }

    @Test
    void aRetryRewindsFetchedToo() {
        assertEquals(CursorWatermarks.at(3), new CursorWatermarks(7, 3).retryFromCommitted());
    }

    @Test
    void impossibleWatermarksAreRefused() {
        assertThrows(InvalidValueException.class, () -> new CursorWatermarks(2, 3));
        assertThrows(InvalidValueException.class, () -> new CursorWatermarks(2, -1));
        assertThrows(InvalidValueException.class, () -> CursorWatermarks.start().safeRewind(-1, Duration.ZERO));
        assertThrows(InvalidValueException.class, () -> new RewindLimits(-1, TEN_MINUTES));
        assertThrows(InvalidValueException.class, () -> new RewindLimits(1, Duration.ofNanos(-1)));
    }

    enum Call {
        FETCH,
        COMMIT,
        REWIND,
        RETRY
    }

    record Step(Call call, long position, long ageSeconds) {}

    /** The model keeps the events themselves: which were applied and which are in hand. */
    @Property
    void theWatermarksAreWhatAListOfEventsSays(@ForAll("steps") List<Step> steps) {
        RewindLimits limits = new RewindLimits(10, Duration.ofSeconds(30));
        CursorWatermarks subject = CursorWatermarks.start();
        int fetched = 0;
        int applied = 0;
        for (Step step : steps) {
            CursorWatermarks before = subject;
            String expected = "moved";
            if (step.call() == Call.FETCH) {
                expected = step.position() < fetched ? "CursorRegressionException" : "moved";
                fetched = expected.equals("moved") ? (int) step.position() : fetched;
            } else if (step.call() == Call.COMMIT) {
                expected = step.position() < applied
                        ? "CursorRegressionException"
                        : step.position() > fetched ? "AheadOfFetchedException" : "moved";
                applied = expected.equals("moved") ? (int) step.position() : applied;
            } else if (step.call() == Call.RETRY) {
                fetched = applied;
            } else if (step.position() > fetched) {
                expected = "AheadOfFetchedException";
            } else if (fetched - step.position() > 10) {
                expected = "TooManyEvents";
            } else if (step.ageSeconds() > 30) {
                expected = "TooOld";
            } else {
                applied = (int) Math.min(applied, step.position());
                fetched = applied;
            }
            String actual = "moved";
            try {
                switch (step.call()) {
                    case FETCH -> subject = subject.advanceFetched(step.position());
                    case COMMIT -> subject = subject.commit(step.position());
                    case RETRY -> subject = subject.retryFromCommitted();
                    case REWIND -> {
                        RewindOutcome outcome =
                                subject.safeRewind(step.position(), Duration.ofSeconds(step.ageSeconds()), limits);
                        if (outcome instanceof RewindOutcome.Rewound rewound) {
                            subject = rewound.watermarks();
                        } else {
                            actual = outcome.getClass().getSimpleName();
                        }
                    }
                }
            } catch (CursorRegressionException | AheadOfFetchedException refused) {
                actual = refused.getClass().getSimpleName();
            }
            assertEquals(expected, actual, step + " at " + before);
            assertEquals(new CursorWatermarks(fetched, applied), subject, step + " at " + before);
            assertTrue(subject.committed() <= subject.fetched());
            assertEquals(fetched - applied, subject.inFlight());
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Call.class),
                        Arbitraries.longs().between(0, 40),
                        Arbitraries.longs().between(0, 60))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }
}
