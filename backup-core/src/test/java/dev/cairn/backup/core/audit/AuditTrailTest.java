package dev.cairn.backup.core.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditUnavailableException;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTrailTest {

    private static final Instant NOW = Instant.parse("2026-02-18T09:00:00Z");
    private static final SnapshotId ID = SnapshotId.of("snap-7");
    private static final SnapshotId ONE = SnapshotId.of("snap-1");

    @TempDir
    private Path folder;

    private final TestHost host = new TestHost();
    private WrittenLog log;
    private AuditTrail trail;

    @BeforeEach
    void openTheLog() {
        log = WrittenLog.in(folder);
        trail = AuditTrail.to(log, Actor.of("gateway"), host.clock);
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
                .audit(log, Actor.of("gateway"));
    }

    private SnapshotManager manager() {
        return builder().open();
    }

    @Test
    void whatTheManagerDoesIsInTheLog() {
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
                        "repository.prune repository allowed gateway",
                        "snapshot.verify snap-4 allowed gateway",
                        "snapshot.restore.start snap-3 allowed gateway",
                        "snapshot.create snap-5 allowed gateway",
                        "snapshot.restore snap-3 allowed gateway",
                        "manager.shutdown  allowed gateway"),
                log.lines());
        assertEquals(List.of(), log.openIncidents());
        JsonNode details = log.entries().get(9).get("details");
        assertEquals("snap-5", details.get("safetySnapshot").asText());
        assertEquals("data", details.get("datasets").asText());
    }

    @Test
    void aTooOldSnapshotIsDeniedAndItsApprovalNamesTheOperator() {
        try (SnapshotManager manager = manager()) {
            manager.create();
            host.clock.advance(Duration.ofDays(2));
            RestoreRequest request = RestoreRequest.of(SnapshotId.of("snap-1"));
            assertThrows(RestoreRefusedException.class, () -> manager.restore(manager.plan(request)));
            manager.restore(manager.plan(request.approvedBy("mara", "nothing newer")));
        }
        assertTrue(
                log.lines().contains("snapshot.restore snap-1 denied gateway"),
                log.lines().toString());
        assertTrue(
                log.lines().contains("snapshot.restore.start snap-1 allowed mara"),
                log.lines().toString());
        assertTrue(
                log.lines().contains("snapshot.restore snap-1 allowed mara"),
                log.lines().toString());
        assertEquals(List.of(), log.openIncidents(), "being too old is no incident");
    }

    @Test
    void aFailedSnapshotIsOneIncidentHoweverOftenItFails() {
        try (SnapshotManager manager = manager()) {
            host.store.failFrom(host.store.calls() + 1);
            assertThrows(BackupException.class, manager::create);
            assertThrows(BackupException.class, manager::create);
            host.store.heal();
            assertEquals(
                    2,
                    log.lines().stream()
                            .filter("snapshot.create  failed gateway"::equals)
                            .count(),
                    log.lines().toString());
            assertEquals(List.of("backup_create_failed ESCALATE []"), log.incidents());
            log.close(log.openIncidents().get(0).id(), new Incident.Closing(NOW, "mara", "disk replaced"));
            host.store.failFrom(host.store.calls() + 1);
            assertThrows(BackupException.class, manager::create);
            host.store.heal();
            assertEquals(1, log.openIncidents().size(), "after the end of the first it is a new one");
        }
    }

    @Test
    void aScheduledFailureNamesItsSchedule() {
        trail.onEvent(new BackupEvent.SnapshotFailed(
                NOW, SnapshotTrigger.PERIODIC, Optional.of("checkpoint"), "disk full", 3, Optional.empty()));
        assertEquals(List.of("snapshot.create checkpoint failed schedule:checkpoint"), log.lines());
        assertEquals(
                "disk full", log.entries().get(0).get("details").get("problem").asText());
        assertEquals(List.of("backup_create_failed ESCALATE [checkpoint]"), log.incidents());
    }

    @Test
    void whatPagesAnOperatorIsAnIncident() {
        trail.onEvent(new BackupEvent.RestoreRefused(
                NOW, ID, Optional.of(new RestoreVerdict.VersionAhead(9, 3)), "it is ahead"));
        trail.onEvent(new BackupEvent.RestoreFailed(NOW, ID, true, "a check failed"));
        trail.onEvent(new BackupEvent.VerificationFinished(
                NOW, new VerificationReport(ID, NOW, Duration.ZERO, 1, 2, List.of(), List.of("a.txt is cut"))));
        assertEquals(
                List.of(
                        "snapshot.restore snap-7 denied gateway",
                        "snapshot.restore snap-7 failed gateway",
                        "snapshot.verify snap-7 failed gateway"),
                log.lines());
        assertEquals(
                List.of(
                        "snapshot_version_ahead ESCALATE [snap-7]",
                        "backup_restore_failed ESCALATE [snap-7]",
                        "backup_verify_failed ESCALATE [snap-7]"),
                log.incidents());
        assertEquals(
                "backup_restore_failed",
                log.entries().get(1).get("incident").get("code").asText());
    }

    @Test
    void aLongPruneIsALineForEachSnapshot() {
        List<RetentionDecision> removed = IntStream.range(0, 2500)
                .mapToObj(i -> new RetentionDecision(SnapshotId.of("snap-" + i), false, List.of("too many")))
                .toList();
        trail.onEvent(new BackupEvent.SnapshotsPruned(NOW, removed));
        assertEquals(2500, log.lines().size());
        assertEquals("snapshot.prune snap-2499 allowed gateway", log.lines().get(2499));
    }

    @Test
    void aKindOfEventThatIsNotKnownIsTold() {
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
        trail.onEvent(new MoonRose(NOW));
        assertEquals(List.of("event.MoonRose  allowed gateway"), log.lines());
    }

    @Test
    void aLogThatCannotBeWrittenHoldsUpNothingAndTheFirstLineAfterItTellsHowManyAreMissing() {
        try (SnapshotManager manager = manager()) {
            log.breakIt();
            manager.create();
            manager.pin(ONE, "why");
            assertEquals(1, manager.list().size());
            assertEquals(List.of(), log.lines());
            assertEquals(BackupHealth.Status.DEGRADED, manager.health().status());
            assertTrue(manager.health().problems().toString().contains("the audit log lacks 2 lines"));
            assertEquals(1, host.events(BackupEvent.HealthChanged.class).size(), "listeners were told");
            log.mend();
            manager.unpin(ONE);
            assertEquals(
                    List.of("audit.lines-missing  failed cairn", "snapshot.unpin snap-1 allowed gateway"), log.lines());
            assertEquals("2", log.entries().get(0).get("details").get("count").asText());
            assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
        }
    }

    @Test
    void whatHasNoEventIsALineToo() {
        try (SnapshotManager manager = manager()) {
            manager.create();
            manager.create();
            manager.pin(ONE, "for the auditor");
            assertThrows(BackupBusyException.class, () -> manager.delete(ONE));
            manager.unpin(ONE);
            manager.acknowledge(ONE, "mara", "looked at it");
            manager.delete(ONE);
            assertThrows(SnapshotNotFoundException.class, () -> manager.delete(ONE));
            manager.sweep(SweepRequest.defaults());
            assertThrows(
                    ConfigurationException.class, () -> manager.check(RepositoryCheck.of(VerificationDepth.PRESENCE)));
            assertThrows(
                    ConfigurationException.class, () -> manager.repair(RepositoryCheck.of(VerificationDepth.PRESENCE)));
        }
        assertEquals(
                List.of(
                        "snapshot.pin snap-1 allowed gateway",
                        "snapshot.delete snap-1 denied gateway",
                        "snapshot.unpin snap-1 allowed gateway",
                        "snapshot.acknowledge snap-1 allowed gateway",
                        "snapshot.delete snap-1 allowed gateway",
                        "snapshot.delete snap-1 failed gateway",
                        "repository.sweep repository allowed gateway",
                        "repository.check repository failed gateway",
                        "repository.repair repository failed gateway",
                        "manager.shutdown  allowed gateway"),
                log.linesFrom(2));
        assertEquals(
                "for the auditor",
                log.entries().get(2).get("details").get("why").asText());
        assertEquals(
                "BackupBusyException",
                log.entries().get(3).get("details").get("error").asText());
        assertEquals("mara", log.entries().get(5).get("details").get("operator").asText());
        assertEquals(List.of(), log.incidents(), "nobody has to look at any of this");
    }

    @Test
    void aRollbackIsToldApartFromARestore() {
        try (SnapshotManager manager = manager()) {
            manager.create();
            host.data.file("a", "second");
            RestoreReport restored = manager.restore(manager.plan(RestoreRequest.of(ONE)));
            int before = log.lines().size();
            manager.rollback(restored);
            assertEquals("second", host.live());
            assertEquals(
                    List.of(
                            "snapshot.rollback.start restore-1 allowed gateway",
                            "snapshot.create snap-3 allowed gateway",
                            "snapshot.rollback restore-1 allowed gateway"),
                    log.linesFrom(before));
            JsonNode details = log.entries().get(before + 2).get("details");
            assertEquals("snap-2", details.get("snapshot").asText(), "the safety snapshot that was brought back");
            RestoreReport hopeless = new RestoreReport(
                    "restore-9",
                    restored.snapshot(),
                    restored.verdict(),
                    Optional.empty(),
                    Optional.empty(),
                    restored.datasets(),
                    restored.epoch(),
                    NOW,
                    restored.steps(),
                    List.of(),
                    Optional.empty());
            assertThrows(RestoreRefusedException.class, () -> manager.rollback(hopeless));
            assertEquals(List.of("snapshot.rollback restore-9 denied gateway"), log.linesFrom(before + 3));
        }
    }

    @Test
    void aRestoreThatFailsIsOneLineAndOneIncident() {
        try (SnapshotManager manager =
                builder().restoreCheck("never", snapshot -> false).open()) {
            manager.create();
            RestorePlan plan = manager.plan(RestoreRequest.of(ONE));
            int before = log.lines().size();
            assertThrows(RestoreFailedException.class, () -> manager.restore(plan));
            assertEquals(
                    List.of(
                            "snapshot.restore.start snap-1 allowed gateway",
                            "snapshot.create snap-2 allowed gateway",
                            "snapshot.restore snap-1 failed gateway"),
                    log.linesFrom(before));
            assertEquals(
                    "true",
                    log.entries()
                            .get(before + 2)
                            .get("details")
                            .get("rolledBack")
                            .asText());
            assertEquals(List.of("backup_restore_failed ESCALATE [snap-1]"), log.incidents());
        }
    }

    @Test
    void aVersionAheadIsDeniedAndAnIncident() {
        host.elsewhere(new MemoryBlobStore())
                .dataset(FakeDataset.of("data").file("a", "theirs"))
                .projectionVersion(() -> 11)
                .open()
                .create();
        try (SnapshotManager manager = manager()) {
            RestorePlan plan = manager.plan(RestoreRequest.of(ONE));
            assertThrows(RestoreRefusedException.class, () -> manager.restore(plan));
        }
        assertEquals("snapshot.restore snap-1 denied gateway", log.lines().get(0));
        assertEquals(List.of("snapshot_version_ahead ESCALATE [snap-1]"), log.incidents());
    }

    @Test
    void aVerificationThatFindsDamageIsOneFailedLine() {
        try (SnapshotManager manager = manager()) {
            manager.create();
            host.blobs.damage(BlobName.of("snap-1/snapshot/data/a"), new byte[5]);
            manager.verify(ONE);
            assertThrows(SnapshotNotFoundException.class, () -> manager.verify(ID));
            assertEquals(
                    List.of("snapshot.verify snap-1 failed gateway", "snapshot.verify snap-7 failed gateway"),
                    log.linesFrom(1));
            assertEquals(List.of("backup_verify_failed ESCALATE [snap-1]"), log.incidents());
        }
    }

    @Test
    void whatASchedulePrunesIsItsDoingAndWhatItCannotPruneIsALine() {
        try (SnapshotManager manager = manager()) {
            for (int i = 0; i < 3; i++) {
                manager.create();
            }
            host.clock.advance(Duration.ofHours(1));
            host.ticker.advance(Duration.ofHours(1));
            manager.runIfDue();
            assertEquals(
                    List.of(
                            "snapshot.create snap-4 allowed schedule:periodic",
                            "snapshot.prune snap-1 allowed schedule:periodic",
                            "repository.prune repository allowed schedule:periodic"),
                    log.linesFrom(3));
            host.store.onCall(call -> {
                if (call.operation() == FaultyBlobStore.Operation.DELETE) {
                    throw new StoreException(StoreException.Reason.DENIED, "read only", "Mount it again", null);
                }
            });
            host.clock.advance(Duration.ofHours(1));
            host.ticker.advance(Duration.ofHours(1));
            manager.runIfDue();
            assertEquals(
                    List.of(
                            "snapshot.create snap-5 allowed schedule:periodic",
                            "repository.prune repository failed schedule:periodic"),
                    log.linesFrom(6));
            host.store.heal();
        }
    }

    @Test
    void aRemnantThatIsRemovedIsALine() {
        try (SnapshotManager manager = manager()) {
            BrowsableRepository.at(host.blobs).begin(sequence -> SnapshotId.of("dead"));
            host.blobs.putIfAbsent(BlobName.of("dead/snapshot/x"), BlobContent.of("x"));
            manager.prune();
            host.ticker.advance(Duration.ofHours(1));
            manager.prune();
            assertTrue(
                    log.lines().contains("snapshot.remnant.remove dead allowed gateway"),
                    log.lines().toString());
        }
    }

    @Test
    void aClosedManagerRefusesAndThatIsALine() {
        SnapshotManager manager = manager();
        manager.close();
        assertThrows(BackupBusyException.class, manager::create);
        assertEquals("snapshot.create  denied gateway", log.lines().get(1));
    }

    @Test
    void withRequireAuditNothingIsDoneThatIsNotInTheLogFirst() {
        try (SnapshotManager manager = builder().requireAudit().open()) {
            manager.create();
            assertEquals(
                    List.of("snapshot.create.request  allowed gateway", "snapshot.create snap-1 allowed gateway"),
                    log.lines());
            RestorePlan plan = manager.plan(RestoreRequest.of(ONE));
            host.data.file("a", "second");
            log.breakIt();
            assertThrows(AuditUnavailableException.class, manager::create);
            assertThrows(AuditUnavailableException.class, () -> manager.restore(plan));
            assertThrows(AuditUnavailableException.class, () -> manager.delete(ONE));
            assertThrows(AuditUnavailableException.class, () -> manager.verify(ONE));
            BackupOperations operations = BackupOperations.of(manager, OperationPolicy.allowAll());
            assertThrows(
                    AuditUnavailableException.class, () -> operations.list(Actor.of("cli")), "its answer is withheld");
            assertEquals("second", host.live());
            assertEquals(1, manager.list().size());
            for (int i = 0; i < 4; i++) {
                host.clock.advance(Duration.ofHours(1));
                host.ticker.advance(Duration.ofHours(1));
                assertEquals(1, manager.runIfDue().size(), "protection goes on");
            }
            assertEquals(5, manager.list().size(), "and nothing was pruned");
            assertTrue(manager.health().problems().toString().contains("could not prune"));
            log.mend();
            assertEquals(2, manager.prune());
        }
    }

    @Test
    void aRecoveryIsALineForEachRestoreItEnded() {
        crashInARestore();
        RecoveryReport report = Cairn.recoverPending(host.state, List.of(host.data), log);
        assertEquals(1, report.restores().size());
        assertEquals("snapshot.recover snap-1 allowed host", log.lines().get(0));
        assertEquals("UNDONE", log.entries().get(0).get("details").get("ended").asText());
        Cairn.recoverPending(host.state, List.of(host.data), log);
        assertEquals(1, log.lines().size(), "nothing was pending, so there is nothing to tell");
    }

    @Test
    void aRecoveryThatCannotBeDoneIsALine() {
        crashInARestore();
        host.state.failFrom(host.state.calls() + 1);
        assertThrows(BackupException.class, () -> Cairn.recoverPending(host.state, List.of(host.data), log));
        assertEquals(List.of("snapshot.recover  failed host"), log.lines());
        assertEquals(List.of("backup_restore_failed ESCALATE []"), log.incidents());
    }

    /** The state store goes away between the intent and the outcome, and the process ends. */
    private void crashInARestore() {
        SnapshotManager manager = host.builder()
                .restoreHooks(() -> host.state.failFrom(host.state.calls() + 1), () -> {})
                .open();
        manager.create();
        RestorePlan plan = manager.plan(RestoreRequest.of(ONE));
        assertThrows(BackupException.class, () -> manager.restore(plan));
        host.state.heal();
    }

    @Test
    void aDatasetThatHoldsTheLogIsRefused() {
        ConfigurationException thrown = assertThrows(
                ConfigurationException.class,
                () -> builder()
                        .dataset(FilesDataset.of("home", folder.getParent()))
                        .open());
        assertTrue(thrown.getMessage().contains("the audit log"), thrown.getMessage());
        assertThrows(
                ConfigurationException.class,
                () -> builder().dataset(FilesDataset.of("logs", folder)).open());
    }

    @Test
    void requireAuditNeedsALog() {
        assertThrows(
                ConfigurationException.class,
                () -> host.builder().requireAudit().open());
    }
}
