package dev.cairn.backup.core.retain;

import static dev.cairn.backup.core.retain.Lineages.dataset;
import static dev.cairn.backup.core.retain.Lineages.good;
import static dev.cairn.backup.core.retain.Lineages.kept;
import static dev.cairn.backup.core.retain.Lineages.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Mark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuspectRuleTest {

    /** The good parent has 10 entries and 1000 bytes: exactly half is not yet more than half lost. */
    @ParameterizedTest
    @CsvSource({"10,1000,0", "5,500,0", "4,1000,1", "10,499,1", "0,0,2", "1000,1000000,0", "5,499,1"})
    void losingMoreThanHalfIsSuspicious(long entries, long bytes, int suspicions) {
        List<String> found = SuspectRule.suspicions(List.of(good(1)), List.of(dataset("a", entries, bytes)));
        assertEquals(suspicions, found.size(), found.toString());
        found.forEach(sentence -> assertTrue(sentence.contains("'a'") && sentence.contains("s1"), sentence));
    }

    @Test
    void anIdentityThatChangedIsSuspicious() {
        Kept parent = kept(snapshot(1).datasets(List.of(identified("inode 1"))));
        assertEquals(
                1,
                SuspectRule.suspicions(List.of(parent), List.of(identified("inode 2")))
                        .size());
        assertEquals(List.of(), SuspectRule.suspicions(List.of(parent), List.of(identified("inode 1"))));
        assertEquals(List.of(), SuspectRule.suspicions(List.of(parent), List.of(dataset("a", 10, 1000))));
    }

    @Test
    void theFirstSnapshotOfADatasetIsNot() {
        assertEquals(List.of(), SuspectRule.suspicions(List.of(), List.of(dataset("a", 0, 0))));
        assertEquals(List.of(), SuspectRule.suspicions(List.of(good(1)), List.of(dataset("new", 0, 0))));
    }

    @Test
    void anOptionalDatasetThatDisappearedIsSuspicious() {
        assertEquals(
                2,
                SuspectRule.suspicions(List.of(good(1)), List.of(DatasetSummary.absent("a", "fake")))
                        .size());
    }

    @Test
    void suspectAbandonedAndSafetySnapshotsAreNoMeasure() {
        List<Kept> lineage = List.of(
                good(1),
                kept(snapshot(2).datasets(List.of(dataset("a", 0, 0))), Mark.Kind.SUSPECT),
                kept(snapshot(3).datasets(List.of(dataset("a", 0, 0))), Mark.Kind.ABANDONED),
                kept(snapshot(4).datasets(List.of(dataset("a", 0, 0))).safetyFor(SnapshotId.of("s1"))));
        assertEquals(
                SnapshotId.of("s1"),
                SuspectRule.baseline(lineage, "a").orElseThrow().id());
        assertEquals(
                2, SuspectRule.suspicions(lineage, List.of(dataset("a", 0, 0))).size());
    }

    @Test
    void anAcknowledgedSuspectIsTheNewMeasure() {
        List<Kept> lineage = List.of(
                good(1),
                kept(snapshot(2).datasets(List.of(dataset("a", 1, 1))), Mark.Kind.SUSPECT, Mark.Kind.ACKNOWLEDGED));
        assertEquals(List.of(), SuspectRule.suspicions(lineage, List.of(dataset("a", 1, 1))));
    }

    @Test
    void theMeasureIsTheNewestThatHoldsTheDataset() {
        List<Kept> lineage = List.of(good(1), kept(snapshot(2).datasets(List.of(dataset("b", 100, 100)))));
        assertEquals(
                SnapshotId.of("s1"),
                SuspectRule.baseline(lineage, "a").orElseThrow().id());
        assertEquals(Optional.empty(), SuspectRule.baseline(lineage, "c"));
    }

    @Test
    void aDatasetContinuesTheNewestGoodSnapshotThatHoldsIt() {
        List<Kept> lineage = List.of(
                good(1),
                kept(snapshot(2).datasets(List.of(dataset("a", 10, 10), dataset("b", 10, 10)))),
                kept(snapshot(3).datasets(List.of(dataset("b", 10, 10)))),
                kept(snapshot(4).datasets(List.of(DatasetSummary.absent("b", "fake")))),
                kept(snapshot(5).datasets(List.of(dataset("a", 0, 0), dataset("c", 1, 1))), Mark.Kind.SUSPECT));
        assertEquals(Map.of("a", SnapshotId.of("s2"), "b", SnapshotId.of("s3")), SuspectRule.holding(lineage));
        assertEquals(Map.of(), SuspectRule.holding(List.of()));
    }

    private static DatasetSummary identified(String identity) {
        return new DatasetSummary("a", "fake", true, 10, 1000, Optional.of(identity), Map.of());
    }
}
