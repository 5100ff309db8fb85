package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How stream processors are known to lose or double events, one test each: what the types of this package make of it. */
class KnownFailuresTest {

    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TimelineEpoch ONE = TimelineEpoch.first();
    private static final DedupBounds BOUNDS = DedupBounds.covering(RewindLimits.defaults(), HOUR, 1000);

    @Nested
    class Kafka {

        /** enable.auto.commit: what poll returned counts as done, whether or not it was processed when the process dies. */
        @Test
        void autoCommitStoresTheOffsetBeforeTheWork() {
            LiveCursor live = live(0);
            live.advanceFetched(live.term(), 100);
            LiveCursor restarted = LiveCursor.resume("s", ONE, live.cursor());
            assertEquals(0, restarted.cursor().fetched());
        }

        /** auto.offset.reset=latest: an offset that was deleted by retention silently becomes the end of the log. */
        @Test
        void anOffsetThatIsOutOfRangeSilentlyBecomesTheLatest() {
            CursorFinding finding = CursorFinding.of(at("i", 10), new SourceRange("i", 50, 90));
            assertEquals(new RecoveryAction.FullResync(ResyncReason.COMPACTED), finding.action());
        }

        /** Unclean leader election (KIP-320): the log ends before what was consumed, and consumers just wait for it to grow. */
        @Test
        void aTruncatedLogIsWaitedForUntilItHasGrownPastTheOffset() {
            CursorFinding finding = CursorFinding.of(at("i", 100), new SourceRange("i", 0, 60));
            assertEquals(new RecoveryAction.Halt(HaltReason.SOURCE_LOST_APPLIED_EVENTS), finding.action());
        }

        /** A topic is deleted and created again: the group's offsets fit, the records are others (KIP-516 gave topics ids). */
        @Test
        void aRecreatedTopicIsReadOnFromTheOldOffset() {
            CursorFinding finding = CursorFinding.of(at("first topic", 40), new SourceRange("second topic", 0, 90));
            assertInstanceOf(CursorFinding.OtherIncarnation.class, finding);
        }

        /** A consumer that paused longer than max.poll.interval.ms goes on after its partitions were taken from it. */
        @Test
        void aZombieCommitsAfterARebalance() {
            LiveCursor live = live(0);
            ReadTerm zombie = live.term();
            live.advanceFetched(zombie, 50);
            ReadTerm owner = live.retryFromCommitted(zombie);
            live.advanceFetched(owner, 50);
            assertThrows(StaleReadException.class, () -> live.commit(zombie, 50));
            assertEquals(0, live.cursor().committed());
        }

        /** commitAsync with retries: an older commit arrives after a newer one and takes the offset back. */
        @Test
        void aRetriedCommitOvertakesANewerOne() {
            LiveCursor live = live(0);
            live.advanceFetched(live.term(), 50);
            live.commit(live.term(), 50);
            assertThrows(CursorRegressionException.class, () -> live.commit(live.term(), 20));
            assertEquals(50, live.cursor().committed());
        }

        /** offsets.retention.minutes: a group without offsets begins wherever the default says, past what it never read. */
        @Test
        void aGroupWithoutOffsetsBeginsPastWhatItNeverRead() {
            SnapshotCut withoutSource = new SnapshotCut(ONE, Map.of(), StateDedup.empty());
            LiveCursor live = live(500);
            assertEquals(0, floor(withoutSource, cut(at("i", 500))).ackUpTo(live, live.cursor()), "all is still there");
            SourceCursor begun = SourceCursor.start("i");
            assertEquals(0, begun.fetched());
            assertEquals(
                    new RecoveryAction.FullResync(ResyncReason.COMPACTED),
                    CursorFinding.of(begun, new SourceRange("i", 30, 900)).action());
        }
    }

    @Nested
    class Flink {

        /** State comes from the checkpoint, offsets from the group in Kafka, which is ahead: what lies between is skipped. */
        @Test
        void offsetsOfTheGroupWinOverThoseOfTheCheckpoint() {
            LiveCursor live = live(500);
            SnapshotCut restored = cut(at("i", 300)).resumedIn(ONE.next());
            live.restored(restored.epoch(), restored.cursors().get("s"));
            assertEquals(300, live.cursor().fetched());
        }

        /** Offsets are committed when a checkpoint begins: if it fails, the source may already have dropped what it held. */
        @Test
        void acknowledgedWhenTheCheckpointBeginsInsteadOfWhenItIsComplete() {
            LiveCursor live = live(500);
            assertEquals(0, floor().ackUpTo(live, live.cursor()));
            assertEquals(300, floor(cut(at("i", 300))).ackUpTo(live, live.cursor()));
        }

        /** notifyCheckpointComplete is lost: what it would have released must be released by the next one. */
        @Test
        void aLostCompletionIsMadeUpForByTheNext() {
            LiveCursor live = live(500);
            long lost = floor(cut(at("i", 300))).ackUpTo(live, live.cursor());
            long next = floor(cut(at("i", 400))).ackUpTo(live, live.cursor());
            assertEquals(300, lost);
            assertEquals(400, next);
        }

        /** A watermark over all partitions: the fast one makes the events of the slow one late, and late ones are dropped. */
        @Test
        void aFastPartitionMakesTheEventsOfASlowOneLate() {
            StateDedupWindow window = StateDedupWindow.empty(BOUNDS);
            window.observe(new EventKey("fast", "s", "1"), T.plus(HOUR.multipliedBy(9)), T.plus(HOUR.multipliedBy(9)));
            assertEquals(
                    Sighting.FIRST, window.observe(new EventKey("slow", "s", "1"), T, T.plus(HOUR.multipliedBy(9))));
        }

        /** A sink outside the checkpoint sees again what is replayed after a restore. */
        @Test
        void aSinkSeesReplayedEventsASecondTime() {
            EffectDedupWindow effects = EffectDedupWindow.empty(BOUNDS);
            StateDedupWindow state = StateDedupWindow.empty(BOUNDS);
            StateDedup stored = state.content();
            EventKey key = new EventKey("s", "s", "1");
            state.observe(key, T, T);
            effects.observe(key, T, T);
            StateDedupWindow restored = StateDedupWindow.of(BOUNDS, stored);
            assertEquals(Sighting.FIRST, restored.observe(key, T, T), "the state needs it again");
            assertEquals(Sighting.DUPLICATE, effects.observe(key, T, T), "the sink does not");
        }

        /** A stopped job's sink comes back from before a savepoint that another run of it was started from, and commits. */
        @Test
        void twoRunsOfOneJobWriteAfterARestore() {
            LiveCursor live = live(500);
            ReadTerm oldRun = live.term();
            live.restored(ONE.next(), at("i", 300));
            assertThrows(StaleEpochException.class, () -> live.advanceFetched(oldRun, 600));
        }
    }

    @Nested
    class Debezium {

        /** "The connector is trying to read binlog starting at …, but this is no longer available on the server." */
        @Test
        void theBinlogWasPurgedWhileTheConnectorWasDown() {
            CursorFinding finding = CursorFinding.of(at("server-uuid", 10), new SourceRange("server-uuid", 400, 900));
            assertEquals(new CursorFinding.BeforeBeginning(10, 400), finding);
        }

        /** The slot's confirmed LSN was flushed before the offset was durable: after a crash PostgreSQL no longer has the rest. */
        @Test
        void theSlotWasConfirmedBeforeTheOffsetWasDurable() {
            LiveCursor live = live(900);
            assertEquals(700, floor(cut(at("i", 800))).ackUpTo(live, at("i", 700)));
        }

        /** After a failover the slot is created anew: its positions continue, the changes in between are not in it. */
        @Test
        void theSlotWasRecreatedAfterAFailover() {
            CursorFinding finding = CursorFinding.of(at("timeline 1", 500), new SourceRange("timeline 2", 480, 700));
            assertEquals(new RecoveryAction.FullResync(ResyncReason.OTHER_INCARNATION), finding.action());
        }

        /** The initial snapshot already holds what the stream then delivers once more. */
        @Test
        void streamingBeginsBeforeTheSnapshotsOwnPosition() {
            LiveCursor live = live(0);
            live.resynced(live.term(), "i", 500);
            assertEquals(
                    new RewindOutcome.BelowBase(450, 500),
                    live.safeRewind(live.term(), 450, Duration.ZERO, RewindLimits.defaults()));
        }

        /** offset.flush.interval.ms: after a crash everything since the last flush comes a second time. */
        @Test
        void eventsSinceTheLastFlushComeTwiceAfterACrash() {
            StateDedupWindow window = StateDedupWindow.empty(BOUNDS);
            EventKey event = new EventKey("s", "s", "1");
            window.observe(event, T, T);
            // State and dedup were stored, the cursor was not: the position is read again.
            StateDedupWindow restarted = StateDedupWindow.of(BOUNDS, window.content());
            assertEquals(Sighting.DUPLICATE, restarted.observe(event, T, T.plusSeconds(60)));
        }

        /** The database was restored to an earlier time and is behind the connector's offset. */
        @Test
        void theDatabaseWasRestoredToBeforeTheOffset() {
            assertInstanceOf(
                    RecoveryAction.Halt.class,
                    CursorFinding.of(at("i", 500), new SourceRange("i", 0, 450)).action());
        }
    }

    @Nested
    class Akka {

        /** At-least-once projections save the offset after N envelopes: up to N-1 are handled twice after a restart. */
        @Test
        void theOffsetIsSavedAfterSeveralEnvelopes() {
            StateDedupWindow window = StateDedupWindow.empty(BOUNDS);
            CheckpointProgress progress = CheckpointProgress.taken(0);
            while (!CheckpointPolicy.defaults().isDue(progress.committed(1), 0)) {
                progress = progress.committed(1);
                window.observe(new EventKey("s", "s", "e" + progress.events()), T, T);
            }
            StateDedupWindow restarted = StateDedupWindow.of(BOUNDS, window.content());
            for (long event = 1; event <= progress.events(); event++) {
                assertEquals(Sighting.DUPLICATE, restarted.observe(new EventKey("s", "s", "e" + event), T, T));
            }
            assertEquals(499, progress.events());
        }

        /** Offsets are timestamps: an event that becomes visible late, with an earlier timestamp, is never read. */
        @Test
        void anEventThatBecomesVisibleLateIsSkipped() {
            StateDedupWindow window = StateDedupWindow.empty(BOUNDS);
            window.observe(new EventKey("s", "s", "1"), T, T);
            assertEquals(
                    Sighting.FIRST,
                    window.observe(new EventKey("s", "s", "late"), T.minusSeconds(90), T.plusSeconds(1)));
        }

        /** The R2DBC offset store evicts by time: what replays from before its window is taken for new, or dropped. */
        @Test
        void theOffsetStoreHasEvictedWhatIsReplayed() {
            StateDedupWindow window = StateDedupWindow.empty(BOUNDS);
            EventKey event = new EventKey("s", "s", "1");
            window.observe(event, T, T);
            window.observe(
                    new EventKey("s", "s", "2"),
                    T.plus(HOUR).plusNanos(1),
                    T.plus(HOUR).plusNanos(1));
            assertEquals(Sighting.TOO_OLD, window.observe(event, T, T.plus(HOUR.multipliedBy(2))));
        }

        /** ProjectionManagement.updateOffset beside a running instance, which then saves its own, later offset. */
        @Test
        void aRunningProjectionUndoesAnOperatorsRewind() {
            LiveCursor live = live(0);
            ReadTerm running = live.term();
            live.advanceFetched(running, 500);
            live.commit(running, 400);
            live.safeRewind(live.term(), 100, Duration.ZERO, RewindLimits.defaults());
            assertThrows(StaleReadException.class, () -> live.commit(running, 500));
            assertEquals(100, live.cursor().committed());
        }

        /** Exactly-once needs offset and projection in one transaction; stored apart, a crash between them shows. */
        @Test
        void offsetAndProjectionAreStoredApart() {
            SnapshotCut cut = new SnapshotCut(ONE, Map.of("s", at("i", 7)), StateDedup.empty());
            SnapshotCut resumed = cut.resumedIn(ONE.next());
            assertEquals(cut.dedup(), resumed.dedup());
            assertEquals(7, resumed.cursors().get("s").committed());
            assertThrows(
                    UnsupportedOperationException.class, () -> cut.cursors().put("s", at("i", 9)));
        }
    }

    private static LiveCursor live(long position) {
        return LiveCursor.resume("s", ONE, at("i", position));
    }

    private static SourceCursor at(String incarnation, long position) {
        return new SourceCursor(incarnation, 0, CursorWatermarks.at(position));
    }

    private static SnapshotCut cut(SourceCursor cursor) {
        return new SnapshotCut(ONE, Map.of("s", cursor), StateDedup.empty());
    }

    private static ReleaseFloor floor(SnapshotCut... cuts) {
        List<RetainedCut> retained = java.util.Arrays.stream(cuts)
                .map(cut -> new RetainedCut(SnapshotId.of("snap"), T, cut))
                .toList();
        return ReleaseFloor.of(ONE, retained, HOUR, T);
    }
}
