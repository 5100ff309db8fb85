package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SegmentRetentionTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String OWN = "own";

    /** Timelines in memory. Each segment is given as its summary. */
    private static final class World implements SegmentRetention.Lookup {

        private final List<Timeline> timelines = new ArrayList<>();
        private final Map<String, TreeMap<Long, Summary>> segments = new HashMap<>();
        private final List<LogBase> bases = new ArrayList<>();
        private final Set<String> present = new HashSet<>();
        private int lookups;

        Timeline begin(int id, String lineage, Instant at, Optional<String> predecessor) {
            String name = "%032x".formatted(id);
            Timeline timeline = new Timeline(name, "memory", lineage, 512, at, "why", false, predecessor);
            timelines.add(timeline);
            segments.put(name, new TreeMap<>());
            add(timeline, false);
            return timeline;
        }

        void add(Timeline timeline, boolean open, Instant... commits) {
            TreeMap<Long, Summary> all = segments.get(timeline.id());
            LogPosition before = end(timeline);
            List<LogSegment.Commit> list = new ArrayList<>();
            for (Instant commit : commits) {
                list.add(new LogSegment.Commit(list.size() + 1, 9, commit));
            }
            LogPosition after = new LogPosition(timeline.id(), before.transaction() + list.size());
            int pages = all.isEmpty() ? 0 : list.size() + (open ? 1 : 0);
            all.put((long) all.size(), new Summary(all.size(), new byte[32], before, after, open, pages, list));
        }

        LogPosition end(Timeline timeline) {
            TreeMap<Long, Summary> all = segments.get(timeline.id());
            return all.isEmpty()
                    ? new LogPosition(timeline.id(), 0)
                    : all.lastEntry().getValue().after();
        }

        void base(Timeline timeline, long transaction, Instant at) {
            bases.add(new LogBase(new LogPosition(timeline.id(), transaction), at));
        }

        List<Long> removed(Timeline timeline, Duration history, Instant now) {
            SegmentRetention rule = new SegmentRetention(
                    new SegmentRetention.Situation(timelines, OWN, present, bases, history, now), this);
            return rule.of(timeline).numbers();
        }

        @Override
        public List<Long> numbers(Timeline timeline) {
            return List.copyOf(segments.get(timeline.id()).keySet());
        }

        @Override
        public Summary summary(Timeline timeline, long number) {
            lookups++;
            return segments.get(timeline.id()).get(number);
        }
    }

    private static Instant day(double days) {
        return Logged.BEGIN.plusSeconds((long) (days * 86_400));
    }

    /** A timeline with a transaction in a segment of its own each day at noon, for 10 days. */
    private static Timeline tenDays(World world, int id) {
        Timeline timeline = world.begin(id, OWN, day(0), Optional.empty());
        for (int i = 0; i < 10; i++) {
            world.add(timeline, false, day(i + 0.5));
        }
        return timeline;
    }

    @Test
    void whatLiesBeforeTheLowestSnapshotGoesAndTheHeadStays() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        assertEquals(List.of(), world.removed(timeline, DAY, day(10)), "a base may be on its way");
        world.base(timeline, 4, day(4));
        world.base(timeline, 6, day(6));
        assertEquals(List.of(1L, 2L, 3L, 4L), world.removed(timeline, Duration.ofDays(30), day(10)));
    }

    @Test
    void wholeWindowsGoThatAreOlderThanTheHistory() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        for (int i = 0; i <= 9; i++) {
            world.base(timeline, i, day(i));
        }
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                world.removed(timeline, Duration.ofDays(3), day(10)),
                "counted from the snapshot before the newest");
    }

    @Test
    void aSnapshotKeepsWhatFollowsItWithinTheHistoryHoweverOldItIs() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        world.base(timeline, 1, day(1));
        world.base(timeline, 9, day(9.9));
        assertEquals(List.of(1L), world.removed(timeline, Duration.ofDays(2), day(10)));
    }

    @Test
    void aClockThatJumpsAheadRemovesNothingOfTheHistory() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        for (int i = 0; i <= 9; i++) {
            world.base(timeline, i, day(i));
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), world.removed(timeline, Duration.ofDays(3), day(4000)));
    }

    @Test
    void aTransactionThatGoesOverSeveralSegmentsIsKeptWhole() {
        World world = new World();
        Timeline timeline = world.begin(1, OWN, day(0), Optional.empty());
        world.add(timeline, false, day(1));
        world.add(timeline, true, day(2)); // 2: the third transaction begins in it.
        world.add(timeline, true); // 3
        world.add(timeline, false, day(3)); // 4
        world.add(timeline, false, day(4)); // 5
        world.base(timeline, 2, day(2.5));
        assertEquals(List.of(1L), world.removed(timeline, Duration.ofDays(30), day(5)));
        world.bases.clear();
        world.base(timeline, 3, day(3.5));
        assertEquals(List.of(1L, 2L, 3L, 4L), world.removed(timeline, Duration.ofDays(30), day(5)));
    }

    @Test
    void theLastSegmentStaysBecauseTheNextProcessGoesOnFromIt() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        world.base(timeline, 10, day(10));
        assertEquals(9, world.removed(timeline, DAY, day(11)).size());
    }

    @Test
    void anEndedTimelineGoesWholeWhenItHasNoSnapshotOrLiesBeforeTheHistory() {
        World world = new World();
        Timeline old = tenDays(world, 1);
        Timeline next = world.begin(2, OWN, day(11), Optional.of(old.id()));
        world.base(next, 0, day(20));
        world.base(next, 0, day(20));
        List<Long> all = world.numbers(old);
        assertEquals(all, world.removed(old, Duration.ofDays(100), day(20)));
        world.base(old, 3, day(3));
        assertEquals(List.of(1L, 2L, 3L), world.removed(old, Duration.ofDays(15), day(20)));
        assertEquals(
                List.of(1L, 2L, 3L),
                world.removed(old, Duration.ofDays(9).plusHours(1), day(20)),
                "its last state was the present one until the next began");
        assertEquals(all, world.removed(old, Duration.ofDays(8), day(20)));
        world.present.add(old.id());
        assertEquals(List.of(1L, 2L, 3L), world.removed(old, Duration.ofDays(8), day(20)), "it is being written");
    }

    @Test
    void aTimelineOfAWrongClockIsNotTakenForOld() {
        World world = new World();
        Timeline old = tenDays(world, 1);
        world.base(old, 3, day(3));
        Timeline wrong = world.begin(2, OWN, Instant.EPOCH, Optional.of(old.id()));
        assertEquals(List.of(), world.removed(wrong, DAY, day(20)), "it is the newest");
        Timeline next = world.begin(3, OWN, day(11), Optional.of(wrong.id()));
        world.base(next, 0, day(11));
        world.base(next, 0, day(11));
        assertEquals(List.of(1L, 2L, 3L), world.removed(old, Duration.ofDays(3), day(11)));
    }

    @Test
    void ofAnotherLineageOnlyWhatCanBeAppliedToNothingGoes() {
        World world = new World();
        Timeline first = world.begin(1, "other", day(0), Optional.empty());
        world.add(first, false, day(1));
        Timeline second = world.begin(2, "other", day(2), Optional.of(first.id()));
        world.add(second, false, day(3));
        Timeline third = world.begin(3, "other", day(4), Optional.of(second.id()));
        world.base(second, 1, day(3));
        Timeline own = world.begin(4, OWN, day(300), Optional.empty());
        world.base(own, 0, day(300));
        assertEquals(List.of(0L, 1L), world.removed(first, DAY, day(300)));
        assertEquals(List.of(), world.removed(second, DAY, day(300)));
        assertEquals(List.of(), world.removed(third, DAY, day(300)), "its base may be on its way");
    }

    @Test
    void fewSummariesAreLookedUp() {
        World world = new World();
        Timeline timeline = world.begin(1, OWN, day(0), Optional.empty());
        for (int i = 0; i < 10_000; i++) {
            world.add(timeline, false, day(i / 10_000.0));
        }
        world.base(timeline, 7_777, day(1));
        assertEquals(7_777, world.removed(timeline, DAY, day(1)).size());
        assertTrue(world.lookups < 20, world.lookups + " lookups");
    }

    /** For every moment of the history: what could be restored before still can. */
    @Property(tries = 500)
    void everyStateOfTheHistoryStaysRestorable(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World();
        Optional<String> predecessor = Optional.empty();
        double now = 0;
        for (int i = 1; i <= 1 + random.nextInt(4); i++) {
            Timeline timeline = world.begin(i, OWN, day(now), predecessor);
            predecessor = Optional.of(timeline.id());
            for (int n = random.nextInt(25); n > 0; n--) {
                now += random.nextDouble();
                boolean commits = random.nextInt(4) > 0;
                boolean open = random.nextInt(4) == 0;
                if (commits) {
                    world.add(timeline, open, day(now), day(now + 0.001));
                } else {
                    world.add(timeline, true);
                }
                if (random.nextInt(5) == 0) {
                    world.base(timeline, world.end(timeline).transaction(), day(now + 0.01));
                }
            }
            now += random.nextDouble();
        }
        Duration history = Duration.ofHours(random.nextInt(24 * 20));
        Map<String, Set<Long>> left = new HashMap<>();
        for (Timeline timeline : world.timelines) {
            Set<Long> kept = new TreeSet<>(world.numbers(timeline));
            kept.removeAll(world.removed(timeline, history, day(now)));
            left.put(timeline.id(), kept);
        }
        for (double at = now; day(at).isAfter(day(now).minus(history)); at -= 0.1) {
            Instant time = day(at);
            Optional<Boolean> before = restorable(
                    world, time, id -> new TreeSet<>(world.segments.get(id).keySet()));
            assertEquals(before, restorable(world, time, left::get), () -> "at " + time);
        }
    }

    private interface Kept {
        Set<Long> of(String timeline);
    }

    /** Whether the state at a time can be restored; empty if nobody kept it in the first place. */
    private static Optional<Boolean> restorable(World world, Instant time, Kept kept) {
        Optional<Timeline> covering = world.timelines.stream()
                .filter(timeline -> !timeline.begunAt().isAfter(time))
                .reduce((a, b) -> b);
        if (covering.isEmpty()) {
            return Optional.empty();
        }
        Timeline timeline = covering.get();
        long target = world.segments.get(timeline.id()).values().stream()
                .flatMap(segment -> segment.commits().stream())
                .filter(commit -> !commit.seenAt().isAfter(time))
                .count();
        Set<Long> left = kept.of(timeline.id());
        return Optional.of(world.bases.stream()
                .filter(base -> base.position().timeline().equals(timeline.id()))
                .mapToLong(base -> base.position().transaction())
                .filter(base -> base <= target)
                .anyMatch(base -> world.segments.get(timeline.id()).values().stream()
                        .filter(segment -> segment.number() > 0)
                        .filter(segment -> segment.before().transaction() < target)
                        .filter(segment -> segment.after().transaction() > base
                                || (segment.after().transaction() == base && segment.open() && target > base))
                        .allMatch(segment -> left.contains(segment.number()) && left.contains(0L))));
    }

    @Test
    void pruningRemovesWhatTheRuleSaysAndLeavesALogThatIsRight() {
        SegmentStore store = Logged.packed(new MemoryBlobStore());
        try (ShippedLog process = new ShippedLog(store, new MemoryBlobStore())) {
            LogPosition first = process.begin("first");
            process.keep(Logged.transactions(1, 3));
            process.clock.advance(DAY);
            LogPosition second = process.begin("second");
            for (int i = 1; i <= 5; i++) {
                process.keep(Logged.transactions(i, 1));
            }
            assertTrue(process.drain());
            SegmentPruning pruning = new SegmentPruning(store);
            List<LogBase> bases = List.of(new LogBase(new LogPosition(second.timeline(), 3), Logged.BEGIN.plus(DAY)));
            long removed = pruning.prune(
                    ShippedLog.DATASET,
                    ShippedLog.LINEAGE,
                    process.shipper::timelines,
                    () -> bases,
                    Duration.ofDays(7),
                    process.clock.instant());
            assertEquals(2 + 3, removed);
            assertEquals(Set.of(second.timeline()), store.timelines());
            assertTrue(!store.timelines().contains(first.timeline()));
            assertEquals(
                    List.of(0L, 4L, 5L),
                    List.copyOf(store.list(second.timeline()).keySet()));
            assertEquals(
                    List.of(),
                    new LogVerifying(store, process.clock)
                            .verify(
                                    ShippedLog.DATASET,
                                    process.shipping.status().stored(),
                                    new CancellationToken())
                            .problems());
            process.keepNext();
            assertTrue(process.drain());
        }
        try (ShippedLog next = new ShippedLog(store, new MemoryBlobStore())) {
            assertEquals(6, next.shipping.last().orElseThrow().position().transaction());
        }
    }

    @Test
    void oneSnapshotWithAStampOfTheFutureRemovesNothingOfTheHistory() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        for (int i = 0; i <= 8; i++) {
            world.base(timeline, i, day(i));
        }
        world.base(timeline, 9, day(4000));
        assertEquals(List.of(1L, 2L, 3L, 4L), world.removed(timeline, Duration.ofDays(3), day(4000)));
    }

    /** The head of a timeline is a link between those before and behind it: without it a clock that was set back would decide which is the newest. */
    @Test
    void aSnapshotWithAStampOfThePastIsNotTakenForOlderThanTheHistory() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        world.base(timeline, 1, day(1));
        world.base(timeline, 6, Instant.EPOCH); // Of the sixth day, by a clock that was not set yet.
        world.base(timeline, 9, day(9));
        world.base(timeline, 10, day(10));
        assertEquals(List.of(1L), world.removed(timeline, Duration.ofDays(7), day(10)), "what lies before the first");
    }

    @Test
    void theHeadOfATimelineStaysAsLongAsTheOneBeforeIt() {
        World world = new World();
        Timeline first = tenDays(world, 1);
        world.base(first, 3, day(3));
        Timeline second = world.begin(2, OWN, day(11), Optional.of(first.id()));
        world.add(second, false, day(11));
        Timeline third = world.begin(3, OWN, day(-400), Optional.of(second.id()));
        assertEquals(List.of(1L), world.removed(second, Duration.ofDays(30), day(12)));
        world.segments.get(second.id()).remove(1L);
        assertEquals(List.of(), world.removed(second, Duration.ofDays(30), day(12)), "only the head is left");
        assertEquals(Optional.of(third), LastKept.newest(world.timelines, OWN));
        world.timelines.remove(first);
        assertEquals(List.of(0L), world.removed(second, Duration.ofDays(30), day(12)));
    }

    @Test
    void aTimelineEndsWithItsLastCommitEvenIfSegmentsWithoutOneFollow() {
        World world = new World();
        Timeline old = tenDays(world, 1);
        world.add(old, true);
        world.add(old, true);
        world.base(old, 1, day(1));
        Timeline next = world.begin(2, OWN, Instant.EPOCH, Optional.of(old.id()));
        world.base(next, 0, day(10));
        world.base(next, 0, day(10));
        assertEquals(
                List.of(1L), world.removed(old, Duration.ofDays(2), day(10)), "the last commit was half a day ago");
    }

    /** A source may keep a segment without pages, to say where it stands. */
    @Test
    void nothingLiesBeforeTheBeginningOfATimeline() {
        World world = new World();
        Timeline timeline = world.begin(1, OWN, day(0), Optional.empty());
        world.add(timeline, false);
        world.add(timeline, false, day(1));
        world.base(timeline, 0, day(0));
        assertEquals(List.of(), world.removed(timeline, DAY, day(2)));
    }

    @Test
    void nothingIsRemovedForTheSakeOfASnapshotThatMayGoBeforeTheNextIsOldEnough() {
        World world = new World();
        Timeline timeline = tenDays(world, 1);
        world.base(timeline, 1, day(1));
        world.bases.add(new LogBase(new LogPosition(timeline.id(), 3), day(3), false));
        world.base(timeline, 9, day(9));
        world.base(timeline, 9, day(9.1));
        assertEquals(List.of(1L), world.removed(timeline, Duration.ofDays(4), day(10)));
    }
}
