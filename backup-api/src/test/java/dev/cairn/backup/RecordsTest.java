package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.SnapshotManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecordsTest {

    private static final SnapshotId ID = SnapshotId.of("snap-1");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> words = new ArrayList<>(List.of("one"));

    @Test
    void metadataCopiesItsDatasets() {
        List<DatasetSummary> datasets = new ArrayList<>(List.of(summary("a", 10, Map.of())));
        SnapshotMetadata metadata =
                SnapshotMetadata.builder(ID, NOW).datasets(datasets).build();
        datasets.clear();
        assertEquals(1, metadata.datasets().size());
        assertThrows(
                UnsupportedOperationException.class, () -> metadata.datasets().clear());
    }

    @Test
    void metadataSumsSizesAndCounts() {
        SnapshotMetadata metadata = SnapshotMetadata.builder(ID, NOW)
                .datasets(List.of(
                        summary("a", 10, Map.of("sessions", 2L)), summary("b", 5, Map.of("sessions", 3L, "panes", 1L))))
                .build();
        assertEquals(15, metadata.sizeBytes());
        assertEquals(Map.of("sessions", 5L, "panes", 1L), metadata.counts());
        assertEquals("b", metadata.dataset("b").orElseThrow().name());
        assertTrue(metadata.dataset("c").isEmpty());
    }

    @Test
    void aBuiltMetadataIsPlainUntilItIsTold() {
        SnapshotMetadata plain = SnapshotMetadata.builder(ID, NOW).build();
        assertEquals(1, plain.sequence());
        assertEquals(SnapshotTrigger.MANUAL, plain.trigger());
        assertEquals("local", plain.lineage());
        SnapshotMetadata told = SnapshotMetadata.builder(ID, NOW)
                .sequence(4)
                .projectionVersion(9)
                .trigger(SnapshotTrigger.PERIODIC)
                .schedule("hourly")
                .label("l")
                .lineage("x")
                .parent(SnapshotId.of("snap-0a"))
                .safetyFor(SnapshotId.of("b"))
                .build();
        assertEquals(
                new SnapshotMetadata(
                        ID,
                        4,
                        NOW,
                        OptionalLong.of(9),
                        SnapshotTrigger.PERIODIC,
                        Optional.of("hourly"),
                        Optional.of("l"),
                        0,
                        "x",
                        Optional.of(SnapshotId.of("snap-0a")),
                        Optional.of(SnapshotId.of("b")),
                        List.of()),
                told);
    }

    @Test
    void aSummaryCopiesItsCounts() {
        Map<String, Long> counts = new HashMap<>(Map.of("a", 1L));
        DatasetSummary summary = summary("a", 1, counts);
        counts.put("a", 2L);
        assertEquals(1L, summary.counts().get("a"));
    }

    @Test
    void anAbsentSummaryHoldsNothing() {
        DatasetSummary absent = DatasetSummary.absent("a", "files");
        assertFalse(absent.present());
        assertEquals(0, absent.entries() + absent.bytes());
    }

    @Test
    void reportsAndPlansCopyTheirLists() {
        SnapshotMetadata metadata = SnapshotMetadata.builder(ID, NOW).build();
        SnapshotReport report = new SnapshotReport(metadata, Duration.ZERO, Duration.ZERO, words, words);
        RetentionDecision decision = new RetentionDecision(ID, true, words);
        DatasetPlan datasetPlan = new DatasetPlan("a", "memory", 0, 0, 0, 0, 0, words, words);
        VerificationReport verification = new VerificationReport(ID, NOW, Duration.ZERO, 1, 1, words, words);
        Map<String, List<String>> changed = new LinkedHashMap<>(Map.of("a", List.of("x")));
        SnapshotManifest manifest = new SnapshotManifest(metadata, Duration.ZERO, changed, words);
        words.add("two");
        changed.clear();
        List<String> one = List.of("one");
        assertEquals(one, report.suspicions());
        assertEquals(one, report.warnings());
        assertEquals(one, decision.reasons());
        assertEquals(one, datasetPlan.examples());
        assertEquals(one, datasetPlan.warnings());
        assertEquals(one, verification.problems());
        assertEquals(one, verification.warnings());
        assertEquals(one, manifest.warnings());
        assertEquals(Map.of("a", List.of("x")), manifest.changedAfterCut());
    }

    @Test
    void aRestoreReportKeepsTheOrderOfItsStepsAndAddsThemUp() {
        List<String> datasets = new ArrayList<>(List.of("a"));
        Map<String, Duration> steps = new LinkedHashMap<>();
        steps.put("stage", Duration.ofSeconds(2));
        steps.put("swap", Duration.ofSeconds(3));
        RestoreReport report = new RestoreReport(
                "restore-1",
                SnapshotMetadata.builder(ID, NOW).build(),
                new RestoreVerdict.Ok(Duration.ZERO),
                Optional.empty(),
                Optional.empty(),
                datasets,
                TimelineEpoch.first(),
                NOW,
                steps,
                words,
                Optional.empty());
        assertEquals(Duration.ofSeconds(5), report.elapsed());
        assertEquals(List.of("stage", "swap"), List.copyOf(report.steps().keySet()));
    }

    @Test
    void aVerificationPassesOnlyWithoutProblems() {
        assertTrue(new VerificationReport(ID, NOW, Duration.ZERO, 1, 1, words, List.of()).passed());
        assertFalse(new VerificationReport(ID, NOW, Duration.ZERO, 1, 1, List.of(), words).passed());
    }

    @Test
    void aRecoveryReportWithoutRestoresHadNothingPending() {
        assertTrue(new RecoveryReport(List.of()).nothingPending());
    }

    @Test
    void progressKnowsNoRateBeforeAnyTimeHasPassed() {
        assertEquals(0, new Progress("snapshot", "a", 1, 100, OptionalLong.empty(), Duration.ZERO).bytesPerSecond());
        assertEquals(
                50,
                new Progress("snapshot", "a", 1, 100, OptionalLong.empty(), Duration.ofSeconds(2)).bytesPerSecond());
    }

    private static DatasetSummary summary(String name, long bytes, Map<String, Long> counts) {
        return new DatasetSummary(name, "files", true, 1, bytes, Optional.empty(), counts);
    }

    private static RestorePoint point() {
        return new RestorePoint("db", ID, new LogPosition("0".repeat(32), 7), NOW);
    }

    @Test
    void aRequestForAPointIsForItsBaseAndItsDatasetOnly() {
        RestoreRequest request = RestoreRequest.of(point()).approvedBy("anna", "it is urgent");
        assertEquals(ID, request.target());
        assertEquals(DatasetSelection.only("db"), request.datasets());
        assertEquals(Optional.of(point()), request.asBootstrap().point());
        assertEquals(
                request.point(),
                request.datasets(DatasetSelection.only("db"))
                        .cancellation(new CancellationToken())
                        .progress(ProgressListener.NONE)
                        .point());
        InvalidValueException all =
                assertThrows(InvalidValueException.class, () -> request.datasets(DatasetSelection.all()));
        assertTrue(all.getMessage().contains("only 'db'"), all.getMessage());
        assertThrows(InvalidValueException.class, () -> request.datasets(DatasetSelection.only("db", "files")));
        assertThrows(
                InvalidValueException.class,
                () -> new RestoreRequest(
                        SnapshotId.of("other"),
                        request.datasets(),
                        Optional.empty(),
                        false,
                        new CancellationToken(),
                        ProgressListener.NONE,
                        request.point(),
                        Map.of(),
                        false,
                        0));
    }

    @Test
    void aTimelineThatBeginsWithAGapIsLouderThanOneWithout() {
        String timeline = "0".repeat(32);
        BackupEvent.TimelineBegun gap = new BackupEvent.TimelineBegun(NOW, "db", timeline, "the log was cut", true);
        assertEquals(AlertSeverity.DEGRADED, gap.severity());
        assertTrue(gap.describe().contains("'db'") && gap.describe().contains("the log was cut"), gap.describe());
        assertEquals(
                AlertSeverity.INFO, new BackupEvent.TimelineBegun(NOW, "db", timeline, "restored", false).severity());
    }

    @Test
    void protectionThatKeepsNothingOrOnlyLocallyIsDegraded() {
        for (ProtectionStatus.State state : ProtectionStatus.State.values()) {
            BackupEvent.ProtectionChanged changed = new BackupEvent.ProtectionChanged(
                    NOW,
                    new ProtectionStatus(
                            "db",
                            state,
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ZERO,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            Optional.empty(),
                            Optional.of("look there")));
            boolean loud = state == ProtectionStatus.State.SPOOLING || state == ProtectionStatus.State.INTERRUPTED;
            assertEquals(loud, changed.severity() == AlertSeverity.DEGRADED, state.name());
            assertTrue(changed.describe().contains(state + ": look there"), changed.describe());
        }
    }
}
