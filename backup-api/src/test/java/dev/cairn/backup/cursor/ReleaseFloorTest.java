package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 15. */
class ReleaseFloorTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TimelineEpoch ONE = TimelineEpoch.first();

    @Test
    void nothingIsAcknowledgedBeforeItIsInADurableSnapshot() {
        assertEquals(0, ackUpTo(cursor("i", 90)));
    }

    @Test
    void theOldestSnapshotWithinTheHorizonHoldsAcknowledgementsBack() {
        assertEquals(20, ackUpTo(cursor("i", 90), cut("old", 60, 20), cut("new", 1, 70)));
    }

    @Test
    void aSnapshotOlderThanTheHorizonStopsHoldingThemBackAndIsListed() {
        RetainedCut old = cut("old", 61, 20);
        RetainedCut young = cut("young", 1, 70);
        assertEquals(70, ackUpTo(cursor("i", 90), old, young));
        assertEquals(
                List.of(SnapshotId.of("old")),
                ReleaseFloor.of(ONE, List.of(old, young), HOUR, NOW).fullResyncOnly());
    }

    @Test
    void withNothingWithinTheHorizonWhatIsDurableMayGo() {
        assertEquals(50, ackUpTo(cursor("i", 90), cut("a", 80, 20), cut("b", 70, 50)));
    }

    @Test
    void aSnapshotOfAnAbandonedTimelineReleasesNothingThatIsNotStoredYet() {
        assertEquals(30, ackUpTo(cursor("i", 30), cut("abandoned", 5, 70)));
    }

    @Test
    void aRewoundCursorTakesTheFloorWithItBeforeItIsStored() {
        ReleaseFloor floor = ReleaseFloor.of(ONE, List.of(cut("a", 5, 70)), HOUR, NOW);
        LiveCursor live = LiveCursor.resume("s", ONE, cursor("i", 90));
        live.safeRewind(live.term(), 40, Duration.ZERO, RewindLimits.defaults());
        assertEquals(40, floor.ackUpTo(live, cursor("i", 90)));
    }

    @Test
    void aSnapshotFromBeforeTheSourceWasKnownHoldsEverythingBack() {
        RetainedCut without =
                new RetainedCut(SnapshotId.of("without"), NOW, new SnapshotCut(ONE, Map.of(), StateDedup.empty()));
        assertEquals(0, ackUpTo(cursor("i", 90), without, cut("with", 1, 70)));
    }

    @Test
    void anotherIncarnationHoldsNothingBackAndReleasesNothing() {
        assertEquals(0, ackUpTo(cursor("j", 90), cut("a", 5, 70)));
        RetainedCut later = new RetainedCut(
                SnapshotId.of("b"), NOW, new SnapshotCut(ONE, Map.of("s", cursor("j", 30)), StateDedup.empty()));
        assertEquals(30, ackUpTo(cursor("j", 90), cut("a", 5, 10), later));
        LiveCursor live = LiveCursor.resume("s", ONE, cursor("j", 90));
        assertEquals(0, ReleaseFloor.of(ONE, List.of(later), HOUR, NOW).ackUpTo(live, cursor("i", 90)));
    }

    @Test
    void aSnapshotOfTheFutureIsWithinTheHorizon() {
        assertEquals(20, ackUpTo(cursor("i", 90), cut("future", -500, 20), cut("new", 1, 70)));
    }

    @Test
    void aFloorOfAnOlderEpochIsRefused() {
        ReleaseFloor floor = ReleaseFloor.of(ONE, List.of(cut("a", 5, 70)), HOUR, NOW);
        LiveCursor live = LiveCursor.resume("s", ONE.next(), cursor("i", 90));
        assertThrows(StaleEpochException.class, () -> floor.ackUpTo(live, cursor("i", 90)));
    }

    @Test
    void aNegativeHorizonIsRefused() {
        assertThrows(InvalidValueException.class, () -> ReleaseFloor.of(ONE, List.of(), Duration.ofNanos(-1), NOW));
    }

    /** The model writes down every event that some restore or crash would read again, and looks for it. */
    @Property
    void noAcknowledgedEventIsEverReadAgain(
            @ForAll("cuts") List<RetainedCut> cuts, @ForAll("cursors") SourceCursor stored) {
        long released = ackUpTo(stored, cuts.toArray(new RetainedCut[0]));
        boolean durable = false;
        List<Long> heldBack = new ArrayList<>();
        heldBack.add(stored.committed());
        for (RetainedCut one : cuts) {
            SourceCursor cursor = one.cut().cursors().get("s");
            boolean replays = !one.takenAt().plus(HOUR).isBefore(NOW);
            boolean same = cursor != null && cursor.incarnation().equals(stored.incarnation());
            durable |= same && cursor.committed() >= released;
            if (replays && (cursor == null || same)) {
                heldBack.add(cursor == null ? 0 : cursor.committed());
            }
        }
        assertTrue(heldBack.stream().allMatch(position -> released <= position));
        assertTrue(durable || released == 0);
        // And no more is held back than these reasons ask for.
        long held = released;
        assertTrue(heldBack.contains(released)
                || cuts.stream()
                        .map(one -> one.cut().cursors().get("s"))
                        .noneMatch(cursor -> cursor != null
                                && cursor.incarnation().equals(stored.incarnation())
                                && cursor.committed() > held));
    }

    @Provide
    Arbitrary<SourceCursor> cursors() {
        return Combinators.combine(
                        Arbitraries.of("i", "i", "i", "j"), Arbitraries.longs().between(0, 50))
                .as(ReleaseFloorTest::cursor);
    }

    @Provide
    Arbitrary<List<RetainedCut>> cuts() {
        Arbitrary<Map<String, SourceCursor>> known = cursors().map(cursor -> Map.of("s", cursor));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 120),
                        Arbitraries.frequencyOf(
                                Tuple.of(9, known), Tuple.of(1, Arbitraries.just(Map.<String, SourceCursor>of()))))
                .as((minutes, positions) -> new RetainedCut(
                        SnapshotId.of("snap"),
                        NOW.minus(Duration.ofMinutes(minutes)),
                        new SnapshotCut(ONE, positions, StateDedup.empty())))
                .list()
                .ofMaxSize(5);
    }

    private static long ackUpTo(SourceCursor stored, RetainedCut... cuts) {
        return ReleaseFloor.of(ONE, List.of(cuts), HOUR, NOW).ackUpTo(LiveCursor.resume("s", ONE, stored), stored);
    }

    private static SourceCursor cursor(String incarnation, long committed) {
        return new SourceCursor(incarnation, 0, CursorWatermarks.at(committed));
    }

    private static RetainedCut cut(String id, long minutesAgo, long committed) {
        return new RetainedCut(
                SnapshotId.of(id),
                NOW.minus(Duration.ofMinutes(minutesAgo)),
                new SnapshotCut(ONE, Map.of("s", cursor("i", committed)), StateDedup.empty()));
    }
}
