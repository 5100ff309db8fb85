package dev.cairn.backup.core.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditRecorderTest {

    private static final Instant NOW = Instant.parse("2026-02-18T09:00:00Z");
    private static final SnapshotId ID = SnapshotId.of("snap-7");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final TestHost host = new TestHost();
    private AuditLog log;
    private AuditRecorder recorder;

    @BeforeEach
    void openTheLog() {
        log = FileAuditLog.at(folder, new MemoryBlobStore()).open();
        recorder = AuditRecorder.to(log, "gateway");
    }

    @AfterEach
    void theLogIsIntact() {
        assertTrue(FileAuditLog.verifyWithoutHead(folder).intact());
        log.close();
    }

    private SnapshotManager manager() {
        return host.builder()
                .projectionVersion(host.version::get)
                .policy(SnapshotPolicy.defaults())
                .listener(recorder)
                .open();
    }

    /** Action, target, outcome and actor of each event in the log. */
    private List<String> lines() throws IOException {
        return entries().stream()
                .map(entry ->
                        entry.get("action").asText() + " " + entry.get("target").asText() + " "
                                + entry.get("outcome").asText() + " "
                                + entry.get("actor").asText())
                .toList();
    }

    private List<JsonNode> entries() throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode entry = JSON.readTree(line);
                    if (entry.get("kind").asText().equals("event")) {
                        entries.add(entry);
                    }
                }
            }
        }
        return entries;
    }

    private List<String> openCodes() {
        return log.openIncidents().stream()
                .map(incident -> incident.report().kind().code() + " "
                        + incident.report().kind().severity() + " "
                        + incident.report().related())
                .toList();
    }

    @Test
    void whatTheManagerDoesIsInTheLog() throws IOException {
        try (SnapshotManager manager = manager()) {
            for (int i = 0; i < 4; i++) {
                manager.create();
            }
            manager.prune();
            manager.verify(SnapshotId.of("snap-4"));
            manager.restore(manager.plan(RestoreRequest.of(SnapshotId.of("snap-3"))));
        }
        assertEquals(
                List.of(
                        "snapshot.create snap-1 allowed gateway",
                        "snapshot.create snap-2 allowed gateway",
                        "snapshot.create snap-3 allowed gateway",
                        "snapshot.create snap-4 allowed gateway",
                        "snapshot.prune snap-1 allowed gateway",
                        "snapshot.verify snap-4 allowed gateway",
                        "snapshot.restore.start snap-3 allowed gateway",
                        "snapshot.create snap-5 allowed gateway",
                        "snapshot.restore snap-3 allowed gateway",
                        "manager.shutdown  allowed gateway"),
                lines());
        assertEquals(List.of(), log.openIncidents());
        assertEquals(0, recorder.failures());
        JsonNode details = entries().get(8).get("details");
        assertEquals("snap-5", details.get("safetySnapshot").asText());
        assertEquals("data", details.get("datasets").asText());
    }

    @Test
    void aTooOldSnapshotIsDeniedAndItsApprovalNamesTheOperator() throws IOException {
        try (SnapshotManager manager = manager()) {
            manager.create();
            host.clock.advance(Duration.ofDays(2));
            RestoreRequest request = RestoreRequest.of(SnapshotId.of("snap-1"));
            assertThrows(RestoreRefusedException.class, () -> manager.restore(manager.plan(request)));
            manager.restore(manager.plan(request.approvedBy("mara", "nothing newer")));
        }
        assertTrue(lines().contains("snapshot.restore snap-1 denied gateway"), lines().toString());
        assertTrue(lines().contains("snapshot.restore.start snap-1 allowed mara"), lines().toString());
        assertTrue(lines().contains("snapshot.restore snap-1 allowed mara"), lines().toString());
        assertEquals(List.of(), log.openIncidents(), "being too old is no incident");
    }

    @Test
    void aFailedSnapshotIsOneIncidentHoweverOftenItFails() throws IOException {
        try (SnapshotManager manager = manager()) {
            host.store.failFrom(host.store.calls() + 1);
            assertThrows(BackupException.class, manager::create);
            assertThrows(BackupException.class, manager::create);
            host.store.heal();
            assertEquals(
                    2,
                    lines().stream()
                            .filter("snapshot.create  failed gateway"::equals)
                            .count(),
                    lines().toString());
            assertEquals(List.of("backup_create_failed ESCALATE []"), openCodes());
            log.close(log.openIncidents().get(0).id(), new Incident.Closing(NOW, "mara", "disk replaced"));
            host.store.failFrom(host.store.calls() + 1);
            assertThrows(BackupException.class, manager::create);
            host.store.heal();
            assertEquals(1, log.openIncidents().size(), "after the end of the first it is a new one");
        }
    }

    @Test
    void aScheduledFailureNamesItsSchedule() throws IOException {
        recorder.onEvent(new BackupEvent.SnapshotFailed(
                NOW, SnapshotTrigger.PERIODIC, Optional.of("checkpoint"), "disk full", 3, Optional.empty()));
        assertEquals(List.of("snapshot.create checkpoint failed schedule:checkpoint"), lines());
        assertEquals("disk full", entries().get(0).get("details").get("problem").asText());
        assertEquals(List.of("backup_create_failed ESCALATE [checkpoint]"), openCodes());
    }

    @Test
    void whatPagesAnOperatorIsAnIncident() throws IOException {
        recorder.onEvent(new BackupEvent.RestoreRefused(
                NOW, ID, Optional.of(new RestoreVerdict.VersionAhead(9, 3)), "it is ahead"));
        recorder.onEvent(new BackupEvent.RestoreFailed(NOW, ID, true, "a check failed"));
        recorder.onEvent(new BackupEvent.VerificationFinished(
                NOW, new VerificationReport(ID, NOW, Duration.ZERO, 1, 2, List.of(), List.of("a.txt is cut"))));
        assertEquals(
                List.of(
                        "snapshot.restore snap-7 denied gateway",
                        "snapshot.restore snap-7 failed gateway",
                        "snapshot.verify snap-7 failed gateway"),
                lines());
        assertEquals(
                List.of(
                        "snapshot_version_ahead ESCALATE [snap-7]",
                        "backup_restore_failed ESCALATE [snap-7]",
                        "backup_verify_failed ESCALATE [snap-7]"),
                openCodes());
        assertEquals(
                "backup_restore_failed",
                entries().get(1).get("incident").get("code").asText());
    }

    @Test
    void aLongPruneIsALineForEachSnapshot() throws IOException {
        List<RetentionDecision> removed = IntStream.range(0, 2500)
                .mapToObj(i -> new RetentionDecision(SnapshotId.of("snap-" + i), false, List.of("too many")))
                .toList();
        recorder.onEvent(new BackupEvent.SnapshotsPruned(NOW, removed));
        assertEquals(2500, lines().size());
        assertEquals("snapshot.prune snap-2499 allowed gateway", lines().get(2499));
    }

    @Test
    void aKindOfEventThatIsNotKnownIsTold() throws IOException {
        record MoonRose(Instant at) implements BackupEvent {
            @Override
            public AlertSeverity severity() {
                return AlertSeverity.WARN;
            }

            @Override
            public String describe() {
                return "the moon rose";
            }
        }
        recorder.onEvent(new MoonRose(NOW));
        assertEquals(List.of("event.MoonRose  allowed gateway"), lines());
    }

    @Test
    void aLogThatCannotBeWrittenHoldsUpNoBackup() {
        try (SnapshotManager manager = manager()) {
            log.close();
            manager.create();
            assertEquals(1, manager.list().size());
            assertEquals(1, recorder.failures());
        }
    }

    @Test
    void anActorHasAName() {
        assertThrows(InvalidValueException.class, () -> AuditRecorder.to(log, " "));
    }
}
