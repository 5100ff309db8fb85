package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests, policies and reports of drills and verifications. */
class RehearsalValuesTest {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final SnapshotId ID = SnapshotId.of("snap-1");

    @Test
    void aRequestKeepsAllThatItWasTold() {
        CancellationToken token = new CancellationToken();
        DrillRequest request = DrillRequest.of(ID)
                .datasets(DatasetSelection.only("notes"))
                .objectives(Duration.ofHours(1), Duration.ofMinutes(1))
                .stepTimeout(Duration.ofMinutes(2))
                .check("search", SOON, place -> true)
                .check("restart", SOON, place -> true)
                .withControl()
                .cancellation(token);
        assertEquals(Optional.of(ID), request.target());
        assertEquals(DatasetSelection.only("notes"), request.datasets());
        assertEquals(Duration.ofHours(1), request.rpo());
        assertEquals(Duration.ofMinutes(1), request.rto());
        assertEquals(Duration.ofMinutes(2), request.stepTimeout());
        assertEquals(
                List.of("search", "restart"),
                request.checks().stream().map(DrillCheck::name).toList());
        assertTrue(request.control());
        assertEquals(token, request.cancellation());
        assertTrue(DrillRequest.latest().target().isEmpty());
    }

    @Test
    void aRequestRefusesWhatCannotBe() {
        DrillRequest latest = DrillRequest.latest();
        assertThrows(InvalidValueException.class, () -> latest.objectives(Duration.ZERO, SOON));
        assertThrows(InvalidValueException.class, () -> latest.objectives(SOON, Duration.ofSeconds(-1)));
        assertThrows(InvalidValueException.class, () -> latest.stepTimeout(Duration.ZERO));
        assertThrows(InvalidValueException.class, () -> latest.check("Search Test", SOON, place -> true));
        assertThrows(InvalidValueException.class, () -> latest.check("search", Duration.ZERO, place -> true));
        DrillRequest one = latest.check("search", SOON, place -> true);
        assertThrows(InvalidValueException.class, () -> one.check("search", SOON, place -> true));
    }

    @Test
    void aPolicyRefusesAFixedSnapshotAndANegativeNumber() {
        Recurrence daily = Recurrence.every(Duration.ofDays(1));
        assertEquals(5, DrillPolicy.of(daily, DrillRequest.latest()).controlEvery());
        assertEquals(
                0, DrillPolicy.of(daily, DrillRequest.latest()).controlEvery(0).controlEvery());
        assertThrows(InvalidValueException.class, () -> DrillPolicy.of(daily, DrillRequest.of(ID)));
        assertThrows(InvalidValueException.class, () -> new DrillPolicy(daily, DrillRequest.latest(), -1));
    }

    @Test
    void aVerificationPolicyNeedsRungsByRisingAgeFromZero() {
        VerificationPolicy.Rung zero = new VerificationPolicy.Rung(Duration.ZERO, SOON, VerificationDepth.PRESENCE);
        VerificationPolicy.Rung later = new VerificationPolicy.Rung(SOON, SOON, VerificationDepth.CONTENT);
        assertEquals(later, new VerificationPolicy(SOON, SOON, List.of(zero, later)).rung(Duration.ofDays(1)));
        assertFalse(zero.isWhole());
        assertTrue(later.isWhole());
        for (List<VerificationPolicy.Rung> wrong :
                List.of(List.<VerificationPolicy.Rung>of(), List.of(later), List.of(zero, later, later))) {
            assertThrows(InvalidValueException.class, () -> new VerificationPolicy(SOON, SOON, wrong));
        }
        assertThrows(InvalidValueException.class, () -> VerificationPolicy.of(Duration.ofMillis(1), SOON));
        assertThrows(InvalidValueException.class, () -> VerificationPolicy.of(SOON, Duration.ZERO));
        assertThrows(
                InvalidValueException.class,
                () -> new VerificationPolicy.Rung(Duration.ZERO, Duration.ZERO, VerificationDepth.CONTENT));
        assertThrows(
                InvalidValueException.class,
                () -> new VerificationPolicy.Rung(Duration.ofDays(-1), SOON, VerificationDepth.CONTENT));
    }

    @Test
    void aReportCopiesItsListsAndPassesWithoutProblems() {
        List<String> problems = new ArrayList<>(List.of("too slow"));
        DrillReport failed = report(problems);
        problems.clear();
        assertFalse(failed.passed());
        assertTrue(report(List.of()).passed());
        BackupEvent.DrillFinished told = new BackupEvent.DrillFinished(Instant.EPOCH, failed);
        assertEquals(AlertSeverity.ESCALATE, told.severity());
        assertEquals("drill-1 of snap-1 failed after 1000 ms: too slow", told.describe());
        assertEquals(
                "drill-1 of the newest good snapshot started",
                new BackupEvent.DrillStarted(Instant.EPOCH, "drill-1", Optional.empty()).describe());
    }

    private static DrillReport report(List<String> problems) {
        return new DrillReport(
                "drill-1",
                Optional.of(ID),
                Instant.EPOCH,
                List.of(new DrillReport.Step("backup_exists", DrillReport.Outcome.PASSED, SOON, SOON, "")),
                SOON,
                Optional.of(SOON),
                SOON,
                SOON,
                false,
                problems,
                List.of(),
                Optional.empty());
    }
}
