package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {

    @ParameterizedTest
    @ValueSource(strings = {"snap-1", "snap-0", "snap-007", "snap-99999999999999999999"})
    void sequentialIdsAreReservedForTheManager(String id) {
        assertNames(id, () -> SnapshotRequest.of().id(SnapshotId.of(id)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snap-", "snap-1a", "Snap-1", "my-snap-1", "snap"})
    void otherIdsAreTheCallersOwn(String id) {
        assertEquals(
                Optional.of(SnapshotId.of(id)),
                SnapshotRequest.of().id(SnapshotId.of(id)).id());
    }

    @Test
    void aLabelMayHave200CharactersAndNoMore() {
        assertEquals(
                200,
                SnapshotRequest.of()
                        .label("x".repeat(200))
                        .label()
                        .orElseThrow()
                        .length());
        assertNames("x".repeat(201), () -> SnapshotRequest.of().label("x".repeat(201)));
    }

    @Test
    void aSnapshotRequestKeepsWhatItIsNotAskedToChange() {
        CancellationToken token = new CancellationToken();
        ProgressListener listener = progress -> {};
        SnapshotRequest request = SnapshotRequest.of()
                .label("l")
                .id(SnapshotId.of("mine"))
                .datasets(DatasetSelection.only("a"))
                .pin()
                .cancellation(token)
                .progress(listener);
        assertEquals(Optional.of("l"), request.label());
        assertEquals(Optional.of(SnapshotId.of("mine")), request.id());
        assertEquals(DatasetSelection.only("a"), request.datasets());
        assertTrue(request.pinned());
        assertSame(token, request.cancellation());
        assertSame(listener, request.progress());
        assertEquals(
                request,
                request.label("other")
                        .label("l")
                        .datasets(DatasetSelection.all())
                        .datasets(DatasetSelection.only("a")));
    }

    @Test
    void requestsDoNotShareATokenThatOneCallerCancels() {
        assertNotSame(SnapshotRequest.of().cancellation(), SnapshotRequest.of().cancellation());
        SnapshotId id = SnapshotId.of("a");
        assertNotSame(
                RestoreRequest.of(id).cancellation(), RestoreRequest.of(id).cancellation());
    }

    @Test
    void aRestoreRequestKeepsWhatItIsNotAskedToChange() {
        CancellationToken token = new CancellationToken();
        ProgressListener listener = progress -> {};
        RestoreRequest request = RestoreRequest.of(SnapshotId.of("a"))
                .approvedBy("anna", "why")
                .asBootstrap()
                .datasets(DatasetSelection.only("d"))
                .cancellation(token)
                .progress(listener);
        assertEquals(SnapshotId.of("a"), request.target());
        assertEquals(Optional.of(new RestoreRequest.Approval("anna", "why")), request.approval());
        assertTrue(request.bootstrap());
        assertEquals(DatasetSelection.only("d"), request.datasets());
        assertSame(token, request.cancellation());
        assertSame(listener, request.progress());
        assertEquals(
                Optional.of(new RestoreRequest.Approval("ben", "else")),
                request.approvedBy("ben", "else").approval());
    }

    @Test
    void anApprovalNeedsANameAndAReason() {
        RestoreRequest request = RestoreRequest.of(SnapshotId.of("a"));
        assertNames(" ", () -> request.approvedBy(" ", "why"));
        assertNames("\t", () -> request.approvedBy("anna", "\t"));
    }

    @Test
    void aSelectionOfNothingIsRefused() {
        assertNames("none", DatasetSelection::only);
    }

    @Test
    void aSelectionIncludesItsNamesOnly() {
        assertTrue(DatasetSelection.only("a", "b").includes("b"));
        assertFalse(DatasetSelection.only("a", "b").includes("c"));
        assertTrue(DatasetSelection.all().includes("anything"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "a b", "\u00e4"})
    void aScheduleNeedsAPlainName(String name) {
        assertNames(name, () -> schedule(name));
    }

    @Test
    void aScheduleNameMayHave64Characters() {
        assertEquals(64, schedule("n".repeat(64)).name().length());
        assertNames("n".repeat(65), () -> schedule("n".repeat(65)));
    }

    @Test
    void anIntervalIsAtLeastASecond() {
        assertEquals(new Recurrence.Every(Duration.ofSeconds(1)), Recurrence.every(Duration.ofSeconds(1)));
        assertNames("PT0.999S", () -> Recurrence.every(Duration.ofMillis(999)));
        assertNames("PT-1M", () -> Recurrence.every(Duration.ofMinutes(-1)));
        Recurrence.Calendar daily = Recurrence.daily(LocalTime.of(2, 0), ZoneId.of("Europe/Berlin"));
        assertEquals("daily at 02:00", daily.rule().toString());
        assertEquals(Duration.ZERO, daily.jitter());
        assertEquals(Duration.ofDays(1), daily.withJitter(Duration.ofDays(1)).jitter());
        assertNames(
                "PT24H0.000000001S", () -> daily.withJitter(Duration.ofDays(1).plusNanos(1)));
        assertNames("PT-1S", () -> daily.withJitter(Duration.ofSeconds(-1)));
        assertNames("[]", () -> Recurrence.weekly(Set.of(), LocalTime.NOON, ZoneOffset.UTC));
        assertEquals(
                "[SUNDAY] at 12:00",
                Recurrence.weekly(DayOfWeek.SUNDAY, LocalTime.NOON, ZoneOffset.UTC)
                        .rule()
                        .toString());
    }

    @Test
    void theDefaultPolicyIsTheRunbooks() {
        SnapshotPolicy policy = SnapshotPolicy.defaults();
        assertEquals(Duration.ofMinutes(15), policy.interval());
        assertEquals(3, policy.maxRetained());
        assertEquals(Duration.ofMinutes(10), policy.maxAge());
    }

    @Test
    void aPolicyRefusesWhatItsPartsRefuse() {
        Duration minute = Duration.ofMinutes(1);
        assertNames("PT0S", () -> new SnapshotPolicy(Duration.ZERO, 1, minute));
        assertNames("0", () -> new SnapshotPolicy(minute, 0, minute));
        assertNames("PT-1M", () -> new SnapshotPolicy(minute, 1, minute.negated()));
        assertEquals(Duration.ZERO, new SnapshotPolicy(minute, 1, Duration.ZERO).maxAge());
    }

    @Test
    void aShutdownBudgetIsMoreThanZero() {
        assertNames("PT0S", () -> ShutdownPolicy.snapshotWithin(Duration.ZERO));
        assertNames("PT-1S", () -> ShutdownPolicy.snapshotWithin(Duration.ofSeconds(-1)));
        ShutdownPolicy policy =
                ShutdownPolicy.snapshotWithin(Duration.ofSeconds(5)).withJvmHook();
        assertEquals(new ShutdownPolicy(Optional.of(Duration.ofSeconds(5)), true), policy);
        assertFalse(ShutdownPolicy.none().jvmHook());
    }

    @Test
    void aTokenStaysCancelledAndAnInterruptCountsAndStays() {
        CancellationToken token = new CancellationToken();
        token.throwIfCancelled("work");
        token.cancel();
        token.cancel();
        BackupCancelledException thrown =
                assertThrows(BackupCancelledException.class, () -> token.throwIfCancelled("work"));
        assertTrue(thrown.getMessage().startsWith("work was cancelled"), thrown.getMessage());
        Thread.currentThread().interrupt();
        try {
            assertThrows(BackupCancelledException.class, () -> new CancellationToken().throwIfCancelled("w"));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void theBarrierOfNoneRunsItsActionOnce() {
        int[] runs = {0};
        Barrier.none().hold(() -> runs[0]++);
        assertEquals(1, runs[0]);
    }

    private static Schedule schedule(String name) {
        return new Schedule(
                name, Recurrence.every(Duration.ofMinutes(1)), DatasetSelection.all(), Retention.keepLast(1));
    }

    private static void assertNames(String value, org.junit.jupiter.api.function.Executable refused) {
        InvalidValueException thrown = assertThrows(InvalidValueException.class, refused);
        assertTrue(thrown.getMessage().contains("'" + value + "'"), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith(thrown.nextStep()), thrown.getMessage());
    }
}
