package dev.cairn.backup.core.retain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.Retention;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is kept of the snapshots that the engine takes for continuous protection. */
class ContinuousRetentionTest {

    private static final Retention THREE = Retention.keepLast(3);

    private static Kept base(long sequence, int day, String dataset) {
        DatasetSummary summary = new DatasetSummary(
                dataset,
                "fake",
                true,
                1,
                100,
                Optional.empty(),
                Map.of(),
                Optional.of(new LogPosition("0".repeat(32), sequence)));
        return taken(sequence, day, RetentionPools.CONTINUOUS, summary);
    }

    private static Kept taken(long sequence, int day, String schedule, DatasetSummary summary) {
        return Lineages.kept(
                SnapshotMetadata.builder(SnapshotId.of("s" + sequence), Lineages.START.plus(Duration.ofDays(day)))
                        .sequence(sequence)
                        .trigger(SnapshotTrigger.PERIODIC)
                        .schedule(schedule)
                        .datasets(List.of(summary)));
    }

    private static RetentionPools pools(Optional<Retention> policy, Map<String, Retention> schedules) {
        return new RetentionPools(policy, schedules, Map.of(), Retention.keepAll(), THREE, THREE);
    }

    private static List<String> kept(List<Kept> lineage, RetentionPools pools) {
        return RetentionRules.decide(lineage, pools).stream()
                .filter(RetentionDecision::kept)
                .map(decision -> decision.snapshot().value())
                .toList();
    }

    @Test
    void basesStayForTheHistoryAndTheOneBeforeItTooForEachDataset() {
        List<Kept> lineage = List.of(
                base(1, 1, "a"),
                base(2, 2, "b"),
                base(3, 3, "a"),
                base(4, 10, "a"),
                base(5, 11, "a"),
                base(6, 12, "a"),
                base(7, 12, "b"));
        RetentionPools twoDays =
                pools(Optional.empty(), Map.of(RetentionPools.CONTINUOUS, Retention.keepWithin(Duration.ofDays(2))));
        assertEquals(
                List.of("s2", "s3", "s4", "s5", "s6", "s7"),
                kept(lineage, twoDays),
                "transactions of the days 10 to 12 are applied to the bases of day 3 and 2 until those of day 10 and 12");
    }

    @Test
    void aBaseWithAStampOfThePastTakesThePlaceOfNoneAndStaysUntilALaterOneIsOldEnough() {
        RetentionPools week =
                pools(Optional.empty(), Map.of(RetentionPools.CONTINUOUS, Retention.keepWithin(Duration.ofDays(7))));
        Kept unset = base(3, -18_000, "a"); // Taken on day 10 by a clock that was not set yet.
        assertEquals(
                List.of("s2", "s3", "s4", "s5"),
                kept(List.of(base(1, 1, "a"), base(2, 2, "a"), unset, base(4, 11, "a"), base(5, 12, "a")), week),
                "the days 4 to 10 are restored from the base of day 2");
        assertEquals(
                List.of("s4", "s5", "s6"),
                kept(List.of(base(2, 2, "a"), unset, base(4, 11, "a"), base(5, 19, "a"), base(6, 20, "a")), week));
    }

    @Test
    void basesTakeNoPlaceOfAPolicyAndThePolicyKeepsNoBase() {
        List<Kept> lineage = new ArrayList<>();
        for (int day = 1; day <= 5; day++) {
            lineage.add(taken(2L * day, day, "periodic", Lineages.dataset("a", 1, 100)));
            lineage.add(base(2L * day + 1, day, "a"));
        }
        RetentionPools policy =
                pools(Optional.of(THREE), Map.of(RetentionPools.CONTINUOUS, Retention.keepWithin(Duration.ofHours(1))));
        assertEquals(
                List.of("s6", "s7", "s8", "s9", "s10", "s11"),
                kept(lineage, policy),
                "three of the policy, the bases of the last two days and the one before");
    }

    @Test
    void whenProtectionIsSwitchedOffTheLastBaseStays() {
        List<Kept> lineage = List.of(
                base(1, 1, "a"),
                base(2, 2, "a"),
                base(3, 3, "a"),
                taken(4, 4, "periodic", Lineages.dataset("a", 1, 100)));
        assertEquals(List.of("s3", "s4"), kept(lineage, pools(Optional.of(THREE), Map.of())));
    }
}
