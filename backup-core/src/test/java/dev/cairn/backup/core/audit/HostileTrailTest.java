package dev.cairn.backup.core.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditUnavailableException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways to be left out of the trail, to be in it as somebody else, or to make it stand in the way. */
class HostileTrailTest {

    private static final Instant NOW = Instant.parse("2026-02-18T09:00:00Z");
    private static final Actor ANNA = Actor.of("admin-api").member("anna").at("127.0.0.1");

    @TempDir
    private Path folder;

    private final TestHost host = new TestHost();
    private WrittenLog log;

    @BeforeEach
    void openTheLog() {
        log = WrittenLog.in(folder);
    }

    @AfterEach
    void theLogIsIntact() {
        assertTrue(log.isIntact());
        log.close();
    }

    private CairnBuilder builder() {
        return host.builder()
                .projectionVersion(host.version::get)
                .policy(SnapshotPolicy.defaults())
                .audit(log);
    }

    private static BackupOperations gate(SnapshotManager manager) {
        return BackupOperations.of(manager, OperationPolicy.allowAll());
    }

    /** As Kotlin code and generated code throw checked exceptions. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    private void pass(Duration time) {
        host.clock.advance(time);
        host.ticker.advance(time);
    }

    @Test
    void whatAScheduleDoesInSomebodysCallIsTheSchedulesDoing() {
        try (SnapshotManager manager = builder().open()) {
            for (int i = 0; i < 3; i++) {
                manager.create();
            }
            pass(Duration.ofHours(1));
            int before = log.lines().size();
            gate(manager).run(ANNA, Operation.of("host.tick", ""), manager::runIfDue);
            assertEquals(
                    List.of(
                            "snapshot.create snap-4 allowed schedule:periodic",
                            "snapshot.prune snap-1 allowed schedule:periodic",
                            "repository.prune repository allowed schedule:periodic",
                            "host.tick  allowed admin-api"),
                    log.linesFrom(before));
            List<JsonNode> entries = log.entries();
            for (JsonNode entry : entries.subList(before, entries.size() - 1)) {
                assertFalse(entry.get("details").has("member"), entry.toString());
            }
        }
    }

    @Test
    void aScheduleThatFailsInSomebodysCallIsNotThatCallsFailure() {
        try (SnapshotManager manager = builder().open()) {
            manager.create();
            pass(Duration.ofHours(1));
            int before = log.lines().size();
            gate(manager).create(ANNA, "mine", request -> {
                host.store.failFrom(host.store.calls() + 1);
                manager.runIfDue();
                host.store.heal();
                return request;
            });
            assertEquals(
                    List.of(
                            "snapshot.create periodic failed schedule:periodic",
                            "snapshot.create mine allowed admin-api"),
                    log.linesFrom(before));
        }
    }

    @Test
    void checkedExceptionsThatNobodyDeclaredAreFailedLines() {
        try (SnapshotManager manager = builder().open()) {
            int before = log.lines().size();
            Throwable thrown = assertThrows(
                    Throwable.class,
                    () -> gate(manager).run(ANNA, Operation.of("lane.remove", "lane-7"), () -> {
                        HostileTrailTest.<RuntimeException>sneak(new IOException("no lane"));
                        return "removed";
                    }));
            assertEquals(IOException.class, thrown.getClass());
            assertEquals(List.of("lane.remove lane-7 failed admin-api"), log.linesFrom(before));
        }
    }

    @Test
    void aPolicyThatThrowsACheckedExceptionDeniesAndThatIsALine() {
        try (SnapshotManager manager = builder().open()) {
            int before = log.lines().size();
            BackupOperations broken = BackupOperations.of(manager, (actor, operation) -> {
                HostileTrailTest.<RuntimeException>sneak(new IOException("no directory"));
                return OperationPolicy.allowed();
            });
            assertThrows(OperationRefusedException.class, () -> broken.create(ANNA));
            assertEquals(List.of("snapshot.create  denied admin-api"), log.linesFrom(before));
        }
    }

    @Test
    void aLogThatThrowsErrorsHoldsUpNothingAndItsMissingLinesAreCounted() {
        try (SnapshotManager manager = builder().open()) {
            log.makeItDie();
            assertEquals("snap-1", manager.create().id().value());
            assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
            log.mend();
            manager.create();
            assertEquals("audit.lines-missing  failed cairn", log.lines().get(0));
            assertEquals("1", log.entries().get(0).get("details").get("count").asText());
        }
    }

    @Test
    void aLogThatThrowsErrorsCannotBeRequiredAndGoneRound() {
        try (SnapshotManager manager = builder().requireAudit().open()) {
            log.makeItDie();
            assertThrows(AuditUnavailableException.class, manager::create);
            log.mend();
            assertEquals(0, manager.list().size());
        }
    }

    @Test
    void anApprovalDoesNotMakeAnybodyTheEngineOrASchedule() {
        try (SnapshotManager manager = builder().open()) {
            manager.create();
            pass(Duration.ofDays(2));
            for (String name : List.of("cairn", "schedule:periodic", "mara")) {
                int before = log.lines().size();
                manager.restore(
                        manager.plan(RestoreRequest.of(SnapshotId.of("snap-1")).approvedBy(name, "nothing newer")));
                String actor = name.equals("mara") ? "mara" : "host";
                assertEquals(
                        "snapshot.restore.start snap-1 allowed " + actor,
                        log.linesFrom(before).get(0));
                assertEquals(
                        name,
                        log.entries()
                                .get(before)
                                .get("details")
                                .get("approvedBy")
                                .asText());
            }
        }
    }

    @Test
    void aCallerOfTheGateIsTheActorAlsoIfItIsNamedAsTheHostIs() {
        try (SnapshotManager manager = builder().open()) {
            manager.create();
            int before = log.lines().size();
            gate(manager).restore(Actor.of("host"), "snap-1", with -> with.approvedBy("root", "they said so"));
            assertTrue(
                    log.linesFrom(before).contains("snapshot.restore snap-1 allowed host"),
                    log.linesFrom(before).toString());
        }
    }

    @Test
    void madeUpIdsDoNotCrowdOutOtherIncidents() {
        try (SnapshotManager manager = builder().open()) {
            BackupOperations operations = gate(manager);
            for (int i = 0; i < 1001; i++) {
                String madeUp = "made-up-" + i;
                assertThrows(SnapshotNotFoundException.class, () -> operations.restore(ANNA, madeUp, with -> with));
            }
            host.store.failFrom(host.store.calls() + 1);
            assertThrows(BackupException.class, manager::create);
            host.store.heal();
            assertTrue(
                    log.incidents().contains("backup_create_failed ESCALATE []"),
                    "not among " + log.incidents().size());
            assertEquals(
                    1001,
                    log.lines().stream()
                            .filter(line -> line.startsWith("snapshot.restore made-up-"))
                            .count(),
                    "each is a line");
            assertFalse(log.lines().contains("audit.lines-missing  failed cairn"), "and none is missing");
        }
    }

    @Test
    void anIncidentThatCouldNotBeOpenedIsOpenedWhenTheLogCanBeWrittenAgain() {
        try (SnapshotManager manager = builder().open()) {
            log.breakIt();
            host.store.failFrom(host.store.calls() + 1);
            assertThrows(BackupException.class, manager::create);
            host.store.heal();
            log.mend();
            manager.create();
            assertEquals(List.of("backup_create_failed ESCALATE []"), log.incidents());
        }
    }

    @Test
    void aBlankMemberIsNone() {
        assertEquals(Optional.empty(), new Actor("admin-api", Optional.of(" \t"), Optional.empty()).member());
    }

    @Test
    void aCallWithinWhichTheLogFailedHasItsOwnLineCounted() {
        try (SnapshotManager manager = builder().requireAudit().open()) {
            manager.create();
            assertThrows(
                    AuditUnavailableException.class,
                    () -> gate(manager).run(ANNA, Operation.of("lane.remove", "lane-7"), () -> {
                        log.breakIt();
                        manager.delete(SnapshotId.of("snap-1"));
                        return "removed";
                    }));
            log.mend();
            int before = log.lines().size();
            manager.create();
            assertEquals(
                    "2",
                    log.entries().get(before).get("details").get("count").asText(),
                    "the request to delete and the end of the lane's removal");
        }
    }

    @Test
    void aRecoveryThatEndsUnexpectedlyIsALineAndAnIncident() {
        host.state.onCall(call -> {
            throw new IllegalStateException("a bug in the store");
        });
        assertThrows(IllegalStateException.class, () -> Cairn.recoverPending(host.state, List.of(host.data), log));
        assertEquals(List.of("snapshot.recover  failed host"), log.lines());
        assertEquals(List.of("backup_restore_failed ESCALATE []"), log.incidents());
        assertEquals(
                Incident.RESTORE_FAILED,
                log.openIncidents().get(0).report().kind().code());
        assertTrue(log.openIncidents().get(0).report().at().isAfter(NOW.minusSeconds(1)));
    }

    @Test
    void aDatasetThatHoldsTheHeadRecordIsRefusedAlsoThroughALink(@TempDir Path home) throws IOException {
        Path data = Files.createDirectories(home.resolve("data"));
        Path link = Files.createSymbolicLink(home.resolve("link"), data);
        FileBlobStore heads = FileBlobStore.at(link.resolve("heads"));
        try (var audit = FileAuditLog.at(home.resolve("audit"), heads).open()) {
            ConfigurationException thrown = assertThrows(
                    ConfigurationException.class,
                    () -> host.builder()
                            .dataset(FilesDataset.of("home", data))
                            .audit(audit)
                            .open());
            assertTrue(thrown.getMessage().contains("head record"), thrown.getMessage());
        }
        Path linked = Files.createSymbolicLink(home.resolve("audit-link"), Files.createDirectories(data.resolve("a")));
        try (var audit =
                FileAuditLog.at(linked, FileBlobStore.at(home.resolve("heads"))).open()) {
            assertThrows(
                    ConfigurationException.class,
                    () -> host.builder()
                            .dataset(FilesDataset.of("home", data))
                            .audit(audit)
                            .open());
        }
    }
}
