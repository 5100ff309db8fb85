package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationErrorTest {

    private static final SnapshotId ID = SnapshotId.of("snap-7");
    private static final Actor ANNA = Actor.of("admin-api").member("anna");
    private static final Operation RESTORE = Operation.of(Operation.RESTORE, "snap-7");

    static List<Map.Entry<BackupException, String>> mapped() {
        return List.of(
                Map.entry(OperationRefusedException.notLocal(RESTORE, "10.0.0.7"), "403 forbidden"),
                Map.entry(OperationRefusedException.missing("member_id"), "400 missing_member_id"),
                Map.entry(OperationRefusedException.missing("backup_id"), "400 missing_backup_id"),
                Map.entry(OperationRefusedException.invalid("now", "tomorrow", "an instant"), "400 invalid_now"),
                Map.entry(
                        OperationRefusedException.denied(ANNA, RESTORE, "not_parent", null),
                        "403 operations_forbidden"),
                Map.entry(new InvalidValueException("snapshot id", "../x", "an id"), "400 invalid_value"),
                Map.entry(new LimitExceededException("depth", 2, 1, "flatten it"), "400 invalid_value"),
                Map.entry(new SnapshotNotFoundException(ID), "404 snapshot_not_found"),
                Map.entry(new RestorePointNotFoundException("db", "now", List.of()), "404 restore_point_not_found"),
                Map.entry(new SnapshotExistsException(ID), "409 snapshot_exists"),
                Map.entry(new BackupBusyException("busy", "wait"), "409 backup_busy"),
                Map.entry(new RestoreRefusedException(ID, "too old", "approve it", null), "409 restore_refused"),
                Map.entry(new RestorePendingException(ID, "pending", "recover"), "409 restore_pending"),
                Map.entry(new DatasetInUseException("db", "pid 7", "close it", null), "409 dataset_in_use"),
                Map.entry(
                        new AuditUnavailableException(RESTORE, new IllegalStateException("full")),
                        "503 audit_unavailable"),
                Map.entry(store(StoreException.Reason.UNREACHABLE), "503 store_unreachable"),
                Map.entry(store(StoreException.Reason.FULL), "507 store_full"),
                Map.entry(store(StoreException.Reason.IO), "500 backup_operation_failed"),
                Map.entry(new DamagedSnapshotException(ID, "a", "is cut", null), "500 backup_operation_failed"),
                Map.entry(new RestoreFailedException(ID, "x", true, null), "500 backup_operation_failed"),
                Map.entry(new SourceException("db", "gone", "look", null), "500 backup_operation_failed"));
    }

    private static StoreException store(StoreException.Reason reason) {
        return new StoreException(reason, "x", "y", null);
    }

    @ParameterizedTest
    @MethodSource("mapped")
    void eachFailureHasItsStatusAndCode(Map.Entry<BackupException, String> one) {
        OperationError error = OperationError.of(one.getKey());
        assertEquals(one.getValue(), error.status() + " " + error.code());
    }

    @ParameterizedTest
    @MethodSource("mapped")
    void uniformlyEveryFailureButARefusalIs500WithItsMessage(Map.Entry<BackupException, String> one) {
        OperationError error = OperationError.uniform(one.getKey());
        if (one.getKey() instanceof OperationRefusedException) {
            assertEquals(OperationError.of(one.getKey()), error);
            assertTrue(error.message().isEmpty());
        } else {
            assertEquals(
                    new OperationError(
                            500,
                            "backup_operation_failed",
                            Optional.empty(),
                            Optional.of(one.getKey().getMessage())),
                    error);
        }
    }

    @Test
    void theBodyIsExactlyWhatCallersExpect() {
        assertEquals(
                "{\"error\":\"forbidden\"}",
                OperationError.of(OperationRefusedException.notLocal(RESTORE, "10.0.0.7"))
                        .json());
        assertEquals(
                "{\"error\":\"operations_forbidden\",\"reason\":\"not_parent\"}",
                OperationError.of(OperationRefusedException.denied(ANNA, RESTORE, "not_parent", null))
                        .json());
        assertEquals(
                "{\"error\":\"backup_operation_failed\",\"message\":\"There is no snapshot 'snap-7'. Choose one from list()\"}",
                OperationError.uniform(new SnapshotNotFoundException(ID)).json());
        assertEquals(
                "{\"error\":\"snapshot_not_found\"}",
                OperationError.of(new SnapshotNotFoundException(ID))
                        .withoutMessage()
                        .json());
    }

    @Test
    void whateverAMessageHoldsTheBodyIsAsciiAndOneString() {
        OperationError error = new OperationError(
                500, "x", Optional.empty(), Optional.of("a\"b\\c\nd\u0000e\u007f\u00e9\u2028\uD83D\uDE00\uD800"));
        assertEquals(
                "{\"error\":\"x\",\"message\":\"a\\\"b\\\\c\\u000ad\\u0000e\\u007f\\u00e9\\u2028\\ud83d\\ude00\\ud800\"}",
                error.json());
    }

    @Test
    void aStatusIsThatOfAnError() {
        assertThrows(
                InvalidValueException.class, () -> new OperationError(200, "x", Optional.empty(), Optional.empty()));
        assertThrows(
                InvalidValueException.class, () -> new OperationError(600, "x", Optional.empty(), Optional.empty()));
    }

    @Test
    void aReasonIsACode() {
        assertEquals(new OperationPolicy.Denied("not_parent"), OperationPolicy.denied("not_parent"));
        assertThrows(InvalidValueException.class, () -> OperationPolicy.denied("because I say so"));
        assertThrows(InvalidValueException.class, () -> OperationPolicy.denied(""));
    }

    @Test
    void nobodyPassesForTheEngine() {
        for (String name : List.of("", " ", "cairn", "schedule:checkpoint")) {
            assertThrows(InvalidValueException.class, () -> Actor.of(name), name);
        }
        assertEquals(Optional.empty(), Actor.of("a").member(" ").member());
        assertEquals(Optional.empty(), Actor.of("a").member(null).member());
        assertEquals(Optional.of("anna"), Actor.of("a").member(" anna ").member());
    }

    @Test
    void readingChangesNothingAndAHostsOwnActionMay() {
        assertFalse(Operation.onRepository(Operation.LIST).changes());
        assertTrue(RESTORE.changes());
        assertTrue(Operation.of("lane.remove", "7").changes());
        assertThrows(InvalidValueException.class, () -> Operation.of(" ", ""));
        assertTrue(Operation.of("x", "y".repeat(1 << 20)).target().length() <= AuditEvent.MAX_TEXT);
    }
}
