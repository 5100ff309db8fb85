package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.cursor.AheadOfFetchedException;
import dev.cairn.backup.cursor.CursorRegressionException;
import dev.cairn.backup.cursor.ReadTerm;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.cursor.StaleReadException;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.lifecycle.SourceSignal;
import dev.cairn.backup.lifecycle.SourceState;
import dev.cairn.backup.lifecycle.SourceTransitionException;
import dev.cairn.backup.lifecycle.StartupFailedException;
import dev.cairn.backup.lifecycle.StartupReport;
import dev.cairn.backup.lifecycle.StopReport;
import dev.cairn.backup.lifecycle.UnknownStageException;
import dev.cairn.backup.spi.TimelineLostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExceptionsTest {

    private static final SnapshotId ID = SnapshotId.of("snap-7");
    private static final Throwable CAUSE = new IllegalStateException("the cause");

    /** Each exception with the values that its message has to contain. */
    static List<Map.Entry<BackupException, List<String>>> all() {
        return List.of(
                Map.entry(new AheadOfFetchedException("commit", 7, 9), List.of("commit", "9", "7", "at most 7")),
                Map.entry(new AuditInUseException("/var/audit"), List.of("/var/audit", "writer already", "close it")),
                Map.entry(
                        new AuditUnavailableException(
                                Operation.of(Operation.RESTORE, "snap-7"), new IllegalStateException("disk full")),
                        List.of("snapshot.restore", "disk full", "requireAudit()")),
                Map.entry(
                        OperationRefusedException.notLocal(Operation.onRepository(Operation.PRUNE), "10.0.0.7"),
                        List.of("repository.prune", "10.0.0.7", "loopback")),
                Map.entry(
                        new DamagedAuditException(
                                "/var/audit",
                                new AuditDamage(AuditDamage.Kind.ALTERED, "audit-1.jsonl", 3, 17, "hash a", "hash b")),
                        List.of(
                                "/var/audit",
                                "ALTERED",
                                "audit-1.jsonl",
                                "line 3",
                                "17",
                                "hash a",
                                "hash b",
                                "evidence")),
                Map.entry(new BackupBusyException("busy with x", "wait"), List.of("busy with x", "wait")),
                Map.entry(new BackupCancelledException("copying y"), List.of("copying y")),
                Map.entry(
                        new BarrierException(BarrierException.Reason.TIMEOUT, "not held", "release it", CAUSE),
                        List.of("not held", "release it")),
                Map.entry(new BlobNotFoundException("a/b"), List.of("'a/b'")),
                Map.entry(new ConfigurationException("no state", "give one"), List.of("no state", "give one")),
                Map.entry(
                        new CursorRegressionException("committed", 7, 5), List.of("committed", "7", "5", "safeRewind")),
                Map.entry(new CutMissedException("files", "a/b.txt"), List.of("'files'", "a/b.txt", "IN_BARRIER")),
                Map.entry(
                        new DamagedReceiptException("receipt 7", "is cut", CAUSE),
                        List.of("receipt 7", "is cut", "copy")),
                Map.entry(
                        new DamagedRepositoryException("packs/ab/abcd", "is cut", CAUSE),
                        List.of("packs/ab/abcd", "is cut", "repair")),
                Map.entry(
                        new KeyException(KeyException.Reason.WRONG, "the key opens nothing", "give another", CAUSE),
                        List.of("the key opens nothing", "give another")),
                Map.entry(
                        new DamagedSnapshotException(ID, "files/a.txt", "is cut", CAUSE),
                        List.of("'snap-7'", "files/a.txt", "is cut", "verify()")),
                Map.entry(
                        new DatasetInUseException("db", "pid 17", "close the pool", CAUSE),
                        List.of("'db'", "pid 17", "close the pool")),
                Map.entry(new InvalidValueException("size", -1, "0 or more"), List.of("size", "'-1'", "0 or more")),
                Map.entry(
                        new LimitExceededException("depth", 513, 512, "flatten it"),
                        List.of("depth", "513", "512", "flatten it")),
                Map.entry(
                        new RestoreFailedException(ID, "check failed", true, CAUSE),
                        List.of("check failed", "plan again")),
                Map.entry(
                        new RestoreFailedException(ID, "disk gone", false, CAUSE),
                        List.of("disk gone", "Cairn.recoverPending")),
                Map.entry(
                        new RestorePointNotFoundException("db", Instant.EPOCH, List.of(window())),
                        List.of("'db'", "1970-01-01T00:00:00Z", "0badc0de@3 to 9", "segment 7 is missing", "snapshot")),
                Map.entry(
                        new RestorePointNotFoundException("db", Instant.EPOCH, List.of()),
                        List.of("no window", "list()")),
                Map.entry(
                        new RestorePendingException(ID, "restore-3 is pending", "recover"),
                        List.of("restore-3", "recover")),
                Map.entry(new RestoreRefusedException(ID, "too old", "approve", null), List.of("too old", "approve")),
                Map.entry(new SnapshotExistsException(ID), List.of("'snap-7'")),
                Map.entry(new SnapshotNotFoundException(ID), List.of("'snap-7'", "list()")),
                Map.entry(
                        new SourceException("db", "is gone", "put it back", CAUSE),
                        List.of("'db'", "is gone", "put it back")),
                Map.entry(
                        new SourceTransitionException("tmux", SourceState.STALE, SourceSignal.CONFIRMED),
                        List.of("'tmux'", "STALE", "CONFIRMED", "HELLO", "source.hello")),
                Map.entry(startupFailed(), List.of("'Gateway'", "port taken", "Sources", "start again")),
                Map.entry(
                        new UnknownStageException("Sauces", List.of("Sources", "Gateway")),
                        List.of("'Sauces'", "Sources, Gateway")),
                Map.entry(
                        new StaleEpochException(new TimelineEpoch(4), new TimelineEpoch(3)),
                        List.of("epoch 3", "epoch 4", "A restore began a new epoch")),
                Map.entry(
                        new StaleEpochException(new TimelineEpoch(4), new TimelineEpoch(5)),
                        List.of("epoch 5", "epoch 4", "older than the last restore")),
                Map.entry(
                        new StaleReadException(
                                "orders",
                                new ReadTerm(TimelineEpoch.first(), 8),
                                new ReadTerm(TimelineEpoch.first(), 6)),
                        List.of("'orders'", "term 6", "term 8", "Drop what was read")),
                Map.entry(
                        new StoreException(StoreException.Reason.FULL, "disk full", "make room", CAUSE),
                        List.of("disk full", "make room")),
                Map.entry(new TimelineLostException("segments/ab/7"), List.of("'segments/ab/7'", "one process")),
                Map.entry(
                        new TimelineLostException("segments/ab/7", new BlobNotFoundException("spool/ab/7")),
                        List.of("'segments/ab/7'", "state store", "new timeline")),
                Map.entry(
                        new UnsupportedFormatException("snapshot 'snap-7'", 2, 1, ID),
                        List.of("snap-7", "2", "1", "newer release")));
    }

    private static RestoreWindow window() {
        String timeline = "0123456789abcdef012345670badc0de";
        return new RestoreWindow(
                "db",
                ID,
                new LogPosition(timeline, 3),
                Instant.EPOCH.plusSeconds(1),
                new LogPosition(timeline, 9),
                Instant.EPOCH.plusSeconds(2),
                "it began",
                Optional.of("segment 7 is missing"));
    }

    private static StartupFailedException startupFailed() {
        StartupReport.Stage gateway = new StartupReport.Stage(
                "Gateway",
                new StartupReport.Outcome.StartFailed(new IllegalStateException("port taken")),
                Duration.ZERO);
        StopReport.Stage sources = new StopReport.Stage("Sources", new StopReport.Outcome.Stopped(), Duration.ZERO);
        return new StartupFailedException(
                gateway,
                new StartupReport(List.of(gateway), Duration.ZERO),
                new StopReport(List.of(sources), Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMessageHoldsItsValuesAndEndsWithTheNextStep(Map.Entry<BackupException, List<String>> one) {
        BackupException exception = one.getKey();
        one.getValue().forEach(value -> assertTrue(exception.getMessage().contains(value), exception.getMessage()));
        assertFalse(exception.nextStep().isBlank());
        assertTrue(exception.getMessage().endsWith(exception.nextStep()), exception.getMessage());
        assertTrue(exception.getMessage().contains(". "), exception.getMessage());
    }

    @Test
    void theListHoldsEveryTypeOfException() throws Exception {
        java.net.URL classes =
                BackupException.class.getProtectionDomain().getCodeSource().getLocation();
        java.nio.file.Path folder = java.nio.file.Path.of(classes.toURI()).resolve("dev/cairn/backup");
        List<String> covered = all().stream()
                .map(one -> one.getKey().getClass().getSimpleName())
                .toList();
        try (var files = java.nio.file.Files.walk(folder)) {
            List<String> missing = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Exception.class"))
                    .map(name -> name.replace(".class", ""))
                    .filter(name -> !name.equals("BackupException") && !covered.contains(name))
                    .toList();
            assertEquals(List.of(), missing);
        }
    }

    @Test
    void exceptionsAboutASnapshotCarryItsId() {
        assertEquals(Optional.of(ID), new SnapshotExistsException(ID).snapshot());
        assertEquals(Optional.of(ID), new DamagedSnapshotException(ID, "x", "y", null).snapshot());
        assertEquals(Optional.of(ID), new RestoreFailedException(ID, "x", true, null).snapshot());
        assertEquals(Optional.empty(), new BlobNotFoundException("a").snapshot());
    }

    @Test
    void typedPartsAreHandedOut() {
        assertEquals("a/b", new BlobNotFoundException("a/b").blob());
        assertEquals("x", new DamagedSnapshotException(ID, "x", "y", null).damaged());
        assertEquals("receipt 7", new DamagedReceiptException("receipt 7", "y", null).receipt());
        assertEquals("db", new SourceException("db", "x", "y", null).dataset());
        assertEquals("db", new DatasetInUseException("db", "x", "y", null).dataset());
        assertEquals("db", new CutMissedException("db", "x").dataset());
        assertEquals(
                StoreException.Reason.DENIED,
                new StoreException(StoreException.Reason.DENIED, "x", "y", null).reason());
        assertEquals(
                BarrierException.Reason.RUN_TWICE,
                new BarrierException(BarrierException.Reason.RUN_TWICE, "x", "y", null).reason());
        RestoreVerdict verdict = new RestoreVerdict.VersionAhead(2, 1);
        assertEquals(Optional.of(verdict), new RestoreRefusedException(ID, "x", "y", verdict).verdict());
        assertSame(CAUSE, new StoreException(StoreException.Reason.IO, "x", "y", CAUSE).getCause());
        assertTrue(new RestoreFailedException(ID, "x", true, null).rolledBack());
    }
}
