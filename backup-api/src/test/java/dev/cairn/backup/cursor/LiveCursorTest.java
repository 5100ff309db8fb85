package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LiveCursorTest {

    private static final TimelineEpoch ONE = TimelineEpoch.first();

    private final LiveCursor live = LiveCursor.resume("s", ONE, SourceCursor.start("i"));

    @Test
    void aStartReadsFromCommittedAgain() {
        LiveCursor resumed = LiveCursor.resume("s", ONE, new SourceCursor("i", 0, new CursorWatermarks(9, 4)));
        assertEquals(CursorWatermarks.at(4), resumed.cursor().watermarks());
        assertEquals("s", resumed.source());
    }

    @Test
    void refusedCallsChangeNothing() {
        live.advanceFetched(live.term(), 5);
        SourceCursor before = live.cursor();
        assertThrows(AheadOfFetchedException.class, () -> live.commit(live.term(), 6));
        assertThrows(CursorRegressionException.class, () -> live.advanceFetched(live.term(), 4));
        assertEquals(before, live.cursor());
    }

    @Test
    void aRetryARewindAndAResyncOvertakeReaders() {
        List<Runnable> turns = List.of(
                () -> live.retryFromCommitted(live.term()),
                () -> assertInstanceOf(
                        RewindOutcome.Rewound.class,
                        live.safeRewind(live.term(), 0, Duration.ZERO, RewindLimits.defaults())),
                () -> live.resynced(live.term(), "j", 3));
        for (Runnable turn : turns) {
            ReadTerm reader = live.term();
            live.advanceFetched(reader, live.cursor().fetched() + 5);
            turn.run();
            assertNotEquals(reader, live.term());
            StaleReadException refused = assertThrows(StaleReadException.class, () -> live.commit(reader, 5));
            assertEquals(live.term(), refused.current());
            assertEquals(reader, refused.attempted());
            assertThrows(StaleReadException.class, () -> live.advanceFetched(reader, 50));
            assertEquals(0, live.cursor().watermarks().inFlight());
        }
        assertEquals(SourceCursor.resynced("j", 3), live.cursor());
    }

    @Test
    void aRefusedRewindOvertakesNobody() {
        ReadTerm reader = live.term();
        live.advanceFetched(reader, 20);
        live.commit(reader, 20);
        assertInstanceOf(
                RewindOutcome.TooManyEvents.class,
                live.safeRewind(reader, 0, Duration.ZERO, new RewindLimits(19, Duration.ZERO)));
        live.commit(reader, 20);
        assertEquals(reader, live.term());
    }

    @Test
    void nothingBelowAResyncIsReplayed() {
        live.resynced(live.term(), "i", 7);
        live.advanceFetched(live.term(), 9);
        live.commit(live.term(), 9);
        assertInstanceOf(
                RewindOutcome.Rewound.class, live.cursor().safeRewind(7, Duration.ZERO, RewindLimits.defaults()));
        RewindOutcome refused = live.safeRewind(live.term(), 6, Duration.ZERO, RewindLimits.defaults());
        assertEquals(new RewindOutcome.BelowBase(6, 7), refused);
        assertEquals(new RecoveryAction.FullResync(ResyncReason.REWIND_LIMIT), refused.action());
        assertEquals(9, live.cursor().committed());
    }

    @Test
    void aRestoreRefusesReadersOfTheOldEpoch() {
        ReadTerm reader = live.term();
        live.advanceFetched(reader, 5);
        live.restored(ONE.next(), SourceCursor.resynced("i", 2));
        live.advanceFetched(live.term(), 9);
        StaleEpochException refused = assertThrows(StaleEpochException.class, () -> live.commit(reader, 5));
        assertEquals(ONE.next(), refused.current());
        assertEquals(ONE, refused.attempted());
        assertEquals(2, live.cursor().committed());
    }

    @Test
    void aRestoreNeedsANewEpoch() {
        SourceCursor restored = SourceCursor.start("i");
        assertThrows(StaleEpochException.class, () -> live.restored(ONE, restored));
    }

    @Test
    void ofManyReadersThatCommitBesideARewindNoneGetsThroughAfterIt() throws Exception {
        ReadTerm reader = live.term();
        live.advanceFetched(reader, 1000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Long>> commits = new ArrayList<>();
            for (long position = 1; position <= 1000; position++) {
                long to = position;
                commits.add(() -> {
                    try {
                        live.commit(reader, to);
                        return to;
                    } catch (CursorRegressionException | StaleReadException refused) {
                        return 0L;
                    }
                });
            }
            commits.add(500, () -> {
                live.retryFromCommitted(reader);
                return 0L;
            });
            long highest = 0;
            for (Future<Long> commit : threads.invokeAll(commits)) {
                highest = Math.max(highest, commit.get());
            }
            assertEquals(CursorWatermarks.at(highest), live.cursor().watermarks());
            assertTrue(highest <= 1000);
        } finally {
            threads.shutdownNow();
        }
    }
}
