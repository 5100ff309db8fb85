package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and reports of sweeps, checks and repairs, and what progress tells. */
class MaintenanceValuesTest {

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void aShareBeyondItsBoundsIsRefused(double share) {
        SweepRequest request = SweepRequest.defaults();
        InvalidValueException thrown = assertThrows(InvalidValueException.class, () -> request.maxUnused(share));
        assertTrue(thrown.getMessage().contains("0 to 1"), thrown.getMessage());
    }

    @Test
    void negativeTimesAreRefused() {
        SweepRequest sweep = SweepRequest.defaults();
        RepositoryCheck check = RepositoryCheck.of(VerificationDepth.CONTENT);
        Duration negative = Duration.ofNanos(-1);
        assertThrows(InvalidValueException.class, () -> sweep.patience(negative));
        assertThrows(InvalidValueException.class, () -> check.within(negative));
    }

    @Test
    void aReportPassesOnlyWithoutProblemsAndLosses() {
        assertTrue(report(List.of(), Map.of()).passed());
        assertFalse(report(List.of("a pack is gone"), Map.of()).passed());
        assertFalse(report(List.of(), Map.of(SnapshotId.of("snap-1"), List.of("d/f")))
                .passed());
    }

    private static RepositoryReport report(List<String> problems, Map<SnapshotId, List<String>> lost) {
        return new RepositoryReport(
                VerificationDepth.PRESENCE, Duration.ZERO, 0, 0, 0, 0, Optional.empty(), problems, lost, List.of());
    }

    @Test
    void theTimeLeftFollowsTheRate() {
        assertEquals(Optional.of(Duration.ofSeconds(30)), progress(100, 400).timeLeft());
        assertEquals(Optional.of(Duration.ZERO), progress(400, 400).timeLeft());
        assertEquals(Optional.empty(), progress(0, 400).timeLeft(), "nothing done yet");
        assertEquals(Optional.empty(), progress(500, 400).timeLeft(), "more than was expected");
        assertEquals(
                Optional.empty(),
                new Progress("copy", "d", 1, 1, OptionalLong.empty(), Duration.ofSeconds(1)).timeLeft());
    }

    private static Progress progress(long bytes, long total) {
        return new Progress("copy", "d", 1, bytes, OptionalLong.of(total), Duration.ofSeconds(10));
    }
}
