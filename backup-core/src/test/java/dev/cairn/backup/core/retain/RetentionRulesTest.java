package dev.cairn.backup.core.retain;

import static dev.cairn.backup.core.retain.Lineages.START;
import static dev.cairn.backup.core.retain.Lineages.all;
import static dev.cairn.backup.core.retain.Lineages.dataset;
import static dev.cairn.backup.core.retain.Lineages.kept;
import static dev.cairn.backup.core.retain.Lineages.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Retention;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Invariant 5 of the design, BEHAVIOUR agtmux 2 and SONIA 4. */
class RetentionRulesTest {

    @Property(tries = 800)
    void whateverTheRulesNothingThatIsProtectedGoes(@ForAll long seed) {
        Random random = new Random(seed);
        List<Kept> lineage = Lineages.anyOf(random);
        List<RetentionDecision> decisions = RetentionRules.decide(lineage, Lineages.poolsOf(random));
        List<Kept> newestFirst = Lineages.newestFirst(lineage);

        List<SnapshotId> oldestFirst = new ArrayList<>(
                newestFirst.stream().map(kept -> kept.metadata().id()).toList());
        java.util.Collections.reverse(oldestFirst);
        assertEquals(
                oldestFirst,
                decisions.stream().map(RetentionDecision::snapshot).toList(),
                "one decision each, oldest first");
        decisions.forEach(decision -> assertFalse(decision.reasons().isEmpty(), "reasons are never empty"));

        Set<SnapshotId> removed = removed(decisions);
        Set<String> seen = new HashSet<>();
        boolean behindSuspect = false;
        for (Kept kept : newestFirst) {
            boolean gone = removed.contains(kept.metadata().id());
            String what = kept + " of " + lineage;
            assertFalse(gone && has(kept, Mark.Kind.PINNED), () -> "pinned: " + what);
            boolean suspect = has(kept, Mark.Kind.SUSPECT) && !has(kept, Mark.Kind.ACKNOWLEDGED);
            assertFalse(gone && suspect, () -> "suspect: " + what);
            assertFalse(gone && behindSuspect, "older than a suspect: " + what);
            behindSuspect |= suspect;
            boolean lastGood = false;
            if (!suspect
                    && !has(kept, Mark.Kind.ABANDONED)
                    && kept.metadata().safetyFor().isEmpty()) {
                for (DatasetSummary summary : kept.metadata().datasets()) {
                    lastGood |= summary.present() && seen.add(summary.name());
                }
            }
            assertFalse(gone && lastGood, "last good: " + what);
        }
    }

    @Property(tries = 1000)
    void keepLastRemovesExactlyWhatTheModelRemoves(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int count) {
        Random random = new Random(seed);
        List<Kept> lineage = Lineages.anyOf(random).stream()
                .filter(kept -> kept.metadata().safetyFor().isEmpty())
                .toList();
        Set<SnapshotId> removed = removed(RetentionRules.decide(lineage, all(Retention.keepLast(count))));
        Set<SnapshotId> expected = new HashSet<>();
        List<Kept> newestFirst = Lineages.newestFirst(lineage);
        for (int i = 0; i < newestFirst.size(); i++) {
            Kept kept = newestFirst.get(i);
            List<Kept> newer = newestFirst.subList(0, i);
            boolean suspectNewer = newer.stream().anyMatch(RetentionRulesTest::suspect);
            long placesTaken = newer.stream().filter(other -> !suspect(other)).count();
            boolean last = good(kept)
                    && kept.metadata().datasets().stream()
                            .filter(DatasetSummary::present)
                            .anyMatch(summary -> newer.stream()
                                    .filter(RetentionRulesTest::good)
                                    .noneMatch(other -> other.metadata()
                                            .dataset(summary.name())
                                            .filter(DatasetSummary::present)
                                            .isPresent()));
            if (!has(kept, Mark.Kind.PINNED) && !suspect(kept) && !suspectNewer && placesTaken >= count && !last) {
                expected.add(kept.metadata().id());
            }
        }
        assertEquals(expected, removed);
    }

    @Test
    void recordFiveKeepThreeRemovesTwo() {
        List<RetentionDecision> decisions = RetentionRules.decide(
                LongStream.rangeClosed(1, 5).mapToObj(Lineages::good).toList(), all(Retention.keepLast(3)));
        assertEquals(Set.of(SnapshotId.of("s1"), SnapshotId.of("s2")), removed(decisions));
        assertEquals(List.of("no rule of policy keeps it"), decisions.get(0).reasons());
        assertTrue(
                decisions.get(4).reasons().contains("policy: 1 of the last 3"),
                decisions.get(4).toString());
    }

    @Test
    void suspectsTakeNoPlace() {
        List<Kept> lineage = new ArrayList<>(List.of(Lineages.good(1), Lineages.good(2), Lineages.good(3)));
        for (long n = 4; n < 20; n++) {
            lineage.add(kept(snapshot(n), Mark.Kind.SUSPECT));
        }
        assertEquals(Set.of(), removed(RetentionRules.decide(lineage, all(Retention.keepLast(2)))));
    }

    @Test
    void anAcknowledgedSuspectCountsAsGoodAndLetsTheOldOnesGo() {
        List<Kept> lineage = List.of(
                Lineages.good(1),
                Lineages.good(2),
                kept(snapshot(3), Mark.Kind.SUSPECT, Mark.Kind.ACKNOWLEDGED),
                Lineages.good(4));
        assertEquals(
                Set.of(SnapshotId.of("s1"), SnapshotId.of("s2")),
                removed(RetentionRules.decide(lineage, all(Retention.keepLast(2)))));
    }

    @Test
    void orderIsBySequenceAlthoughTheClockWentBackwards() {
        List<Kept> lineage =
                List.of(at(1, START.plus(Duration.ofDays(900))), at(2, START), at(3, START.minus(Duration.ofDays(3))));
        assertEquals(
                Set.of(SnapshotId.of("s1"), SnapshotId.of("s2")),
                removed(RetentionRules.decide(lineage, all(Retention.keepLast(1)))));
    }

    @Test
    void manualSnapshotsSurviveTheDailyRule() {
        List<Kept> lineage = new ArrayList<>();
        lineage.add(kept(snapshot(1).label("kept by hand")));
        for (long day = 2; day < 20; day++) {
            lineage.add(kept(snapshot(day).trigger(SnapshotTrigger.PERIODIC).schedule("daily")));
        }
        RetentionPools pools = new RetentionPools(
                Optional.empty(),
                Map.of("daily", Retention.keepLast(7)),
                Map.of(),
                Retention.keepAll(),
                Retention.keepLast(3),
                Retention.keepLast(3));
        Set<SnapshotId> removed = removed(RetentionRules.decide(lineage, pools));
        assertEquals(18 - 7, removed.size());
        assertFalse(removed.contains(SnapshotId.of("s1")));
    }

    @Test
    void eachPoolHasPlacesOfItsOwn() {
        RetentionPools pools = new RetentionPools(
                Optional.empty(),
                Map.of("hourly", Retention.keepLast(1), "daily", Retention.keepLast(1)),
                Map.of("release", Retention.keepLast(1)),
                Retention.keepLast(1),
                Retention.keepLast(1),
                Retention.keepLast(1));
        List<Kept> lineage = new ArrayList<>();
        for (long n = 0; n < 2; n++) {
            lineage.add(
                    kept(snapshot(10 * n + 1).trigger(SnapshotTrigger.PERIODIC).schedule("hourly")));
            lineage.add(
                    kept(snapshot(10 * n + 2).trigger(SnapshotTrigger.PERIODIC).schedule("daily")));
            lineage.add(kept(snapshot(10 * n + 3).label("release")));
            lineage.add(kept(snapshot(10 * n + 4)));
            lineage.add(kept(snapshot(10 * n + 5).trigger(SnapshotTrigger.SHUTDOWN)));
            lineage.add(kept(snapshot(10 * n + 6).safetyFor(SnapshotId.of("s1"))));
        }
        assertEquals(
                Set.of("s1", "s2", "s3", "s4", "s5", "s6"),
                Set.copyOf(removed(RetentionRules.decide(lineage, pools)).stream()
                        .map(SnapshotId::value)
                        .toList()));
    }

    @Test
    void snapshotsOfAScheduleThatIsGoneAreUnderTheManualRule() {
        RetentionPools pools = new RetentionPools(
                Optional.empty(),
                Map.of(),
                Map.of(),
                Retention.keepAll(),
                Retention.keepLast(1),
                Retention.keepLast(1));
        assertEquals(
                "manual",
                pools.of(snapshot(1)
                                .trigger(SnapshotTrigger.PERIODIC)
                                .schedule("gone")
                                .build())
                        .name());
    }

    @Test
    void theLastGoodOfEachDatasetStaysAlsoWhenItsScheduleRanLongAgo() {
        List<Kept> lineage = new ArrayList<>();
        lineage.add(kept(snapshot(1).datasets(List.of(dataset("rare", 1, 1)))));
        for (long n = 2; n < 10; n++) {
            lineage.add(Lineages.good(n));
        }
        RetentionDecision first =
                RetentionRules.decide(lineage, all(Retention.keepLast(1))).get(0);
        assertTrue(first.kept());
        assertEquals(List.of("last good snapshot of dataset 'rare'"), first.reasons());
    }

    @Test
    void oneStampOfTheFutureMakesNothingOld() {
        List<Kept> lineage =
                List.of(at(1, START), at(2, START.plusSeconds(1)), at(3, START.plus(Duration.ofDays(1000))));
        assertEquals(
                Set.of(), removed(RetentionRules.decide(lineage, all(Retention.keepWithin(Duration.ofSeconds(10))))));
    }

    @Test
    void withinIsMeasuredAgainstTheNewestTwoOfThePool() {
        List<Kept> lineage = List.of(
                at(1, START), at(2, START.plusSeconds(1)), at(3, START.plusSeconds(11)), at(4, START.plusSeconds(12)));
        assertEquals(
                Set.of(SnapshotId.of("s1")),
                removed(RetentionRules.decide(lineage, all(Retention.keepWithin(Duration.ofSeconds(10))))));
    }

    @Test
    void theLongestOfTimesKeepsEverything() {
        List<Kept> lineage = List.of(at(1, Instant.MIN), at(2, START), at(3, START.plusSeconds(1)));
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        assertEquals(Set.of(), removed(RetentionRules.decide(lineage, all(Retention.keepWithin(longest)))));
    }

    @Test
    void theLadderKeepsTheNewestOfEachRung() {
        List<Kept> lineage = new ArrayList<>();
        for (int hour = 0; hour < 72; hour++) { // Three days, one an hour.
            lineage.add(at(hour + 1, START.plus(Duration.ofHours(hour))));
        }
        Retention ladder = Retention.keepEach(Retention.Period.HOUR, 4).or(Retention.keepEach(Retention.Period.DAY, 2));
        Set<Long> left = new HashSet<>(LongStream.rangeClosed(1, 72).boxed().toList());
        removed(RetentionRules.decide(lineage, all(ladder)))
                .forEach(id -> left.remove(Long.parseLong(id.value().substring(1))));
        assertEquals(Set.of(72L, 71L, 70L, 69L, 48L), left);
    }

    @Test
    void rungsOfWeekMonthAndYearAreThoseOfUtc() {
        Instant sunday = Instant.parse("2026-03-01T23:59:59Z");
        List<Kept> lineage = List.of(
                at(1, Instant.parse("2025-12-31T23:59:59Z")),
                at(2, Instant.parse("2026-02-28T12:00:00Z")),
                at(3, sunday),
                at(4, sunday.plusSeconds(1)));
        assertEquals(
                Set.of("s1", "s2"),
                names(removed(RetentionRules.decide(lineage, all(Retention.keepEach(Retention.Period.WEEK, 2))))));
        assertEquals(
                Set.of("s1", "s3"),
                names(removed(RetentionRules.decide(lineage, all(Retention.keepEach(Retention.Period.MONTH, 2))))));
        assertEquals(
                Set.of("s2", "s3"),
                names(removed(RetentionRules.decide(lineage, all(Retention.keepEach(Retention.Period.YEAR, 2))))));
    }

    /** A host restarts with an empty volume and takes empty snapshots for ever: the good ones stay until someone has looked. */
    @Property(tries = 300)
    void noHistoryOfSnapshotsAndPrunesLosesTheLastGoodOne(@ForAll long seed) {
        Random random = new Random(seed);
        List<Kept> lineage = new ArrayList<>();
        RetentionPools pools = all(Retention.keepLast(1 + random.nextInt(3)));
        Map<String, Long> newestGood = new java.util.HashMap<>();
        for (long sequence = 1; sequence <= 40; sequence++) {
            boolean empty = random.nextInt(3) > 0;
            DatasetSummary taken = empty ? dataset("a", 0, 0) : dataset("a", 10 + random.nextInt(5), 1000);
            List<String> suspicions = SuspectRule.suspicions(lineage, List.of(taken));
            SnapshotMetadata.Builder snapshot = snapshot(sequence).datasets(List.of(taken));
            lineage.add(suspicions.isEmpty() ? kept(snapshot) : kept(snapshot, Mark.Kind.SUSPECT));
            if (suspicions.isEmpty()) {
                newestGood.put("a", sequence);
            }
            Set<SnapshotId> removed = removed(RetentionRules.decide(lineage, pools));
            lineage.removeIf(kept -> removed.contains(kept.metadata().id()));
            long wanted = newestGood.getOrDefault("a", 0L);
            assertTrue(
                    wanted == 0
                            || lineage.stream().anyMatch(kept -> kept.metadata().sequence() == wanted),
                    () -> "the last good one, s" + wanted + ", is gone");
        }
    }

    private static Kept at(long sequence, Instant createdAt) {
        return kept(SnapshotMetadata.builder(SnapshotId.of("s" + sequence), createdAt)
                .sequence(sequence)
                .datasets(List.of(dataset("a", 1, 1))));
    }

    private static boolean has(Kept kept, Mark.Kind kind) {
        return kept.marks().stream().anyMatch(mark -> mark.kind() == kind);
    }

    private static boolean suspect(Kept kept) {
        return has(kept, Mark.Kind.SUSPECT) && !has(kept, Mark.Kind.ACKNOWLEDGED);
    }

    private static boolean good(Kept kept) {
        return !suspect(kept) && !has(kept, Mark.Kind.ABANDONED);
    }

    private static Set<SnapshotId> removed(List<RetentionDecision> decisions) {
        return new HashSet<>(decisions.stream()
                .filter(decision -> !decision.kept())
                .map(RetentionDecision::snapshot)
                .toList());
    }

    private static Set<String> names(Set<SnapshotId> ids) {
        return new HashSet<>(ids.stream().map(SnapshotId::value).toList());
    }
}
