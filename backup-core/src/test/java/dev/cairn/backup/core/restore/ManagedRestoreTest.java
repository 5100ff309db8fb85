package dev.cairn.backup.core.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.chain.Proofs;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Pruning;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Restores through the manager: verdicts, approvals, safety snapshots, timelines. */
class ManagedRestoreTest {

    private final TestHost host = new TestHost();

    private static RestoreRequest request(String id) {
        return RestoreRequest.of(SnapshotId.of(id));
    }

    private RestoreReport restore(SnapshotManager manager, String id) {
        return manager.restore(manager.plan(request(id)));
    }

    @Test
    void theDataIsBackAndTheReportTellsHow() {
        SnapshotManager manager = host.open();
        manager.create();
        host.data.file("a", "second");
        RestorePlan plan = manager.plan(request("snap-1"));
        assertEquals("second", host.live(), "a plan touches nothing");
        assertEquals(1, plan.datasets().get(0).replace());
        assertTrue(plan.permitsRestore());
        RestoreReport report = manager.restore(plan);
        assertEquals("first", host.live());
        assertEquals(List.of("data"), report.datasets());
        assertEquals(Optional.of(SnapshotId.of("snap-2")), report.safetySnapshot());
        assertEquals(
                List.of("safety", "stage", "before-hook", "swap", "after-hook", "callbacks", "checks"),
                List.copyOf(report.steps().keySet()));
        assertEquals(1, host.events(BackupEvent.RestoreStarted.class).size());
        assertEquals(
                report, host.events(BackupEvent.RestoreCompleted.class).get(0).report());
        assertEquals(1, manager.health().statistics().restoresTotal());
    }

    @Test
    void aTooOldSnapshotIsRefusedWithTheExactOverrideWhichWorksAndIsTold() {
        SnapshotManager manager = host.open();
        manager.create();
        host.data.file("a", "second");
        host.clock.advance(Duration.ofMinutes(10));
        assertInstanceOf(
                RestoreVerdict.Ok.class, manager.plan(request("snap-1")).verdict());
        host.clock.advance(Duration.ofNanos(1));
        RestorePlan plan = manager.plan(request("snap-1"));
        assertInstanceOf(RestoreVerdict.TooOld.class, plan.verdict());
        RestoreRefusedException thrown = assertThrows(RestoreRefusedException.class, () -> manager.restore(plan));
        assertTrue(
                thrown.getMessage()
                        .contains(
                                "RestoreRequest.of(SnapshotId.of(\"snap-1\")).approvedBy(\"<operator>\", \"<reason>\")"),
                thrown.getMessage());
        assertEquals("second", host.live());
        assertEquals(1, manager.list().size(), "refused before the safety snapshot");
        assertEquals(1, host.events(BackupEvent.RestoreRefused.class).size());
        RestoreReport report =
                manager.restore(manager.plan(request("snap-1").approvedBy("anna", "the newer ones are damaged")));
        assertEquals("first", host.live());
        assertEquals("anna", report.approval().orElseThrow().operator());
        BackupEvent.RestoreStarted told =
                host.events(BackupEvent.RestoreStarted.class).get(0);
        assertEquals("the newer ones are damaged", told.approval().orElseThrow().reason());
        assertTrue(told.describe().contains("anna"), told.describe());
    }

    @Test
    void theVerdictIsComputedAgainWhenThePlanIsExecuted() {
        SnapshotManager manager = host.open();
        manager.create();
        RestorePlan plan = manager.plan(request("snap-1"));
        host.clock.advance(Duration.ofHours(1));
        assertThrows(RestoreRefusedException.class, () -> manager.restore(plan));
    }

    @Test
    void aVersionAheadIsNeverRestoredAlsoNotWithApproval() {
        host.version.set(10);
        SnapshotManager theirs = host.elsewhere(new dev.cairn.backup.testkit.MemoryBlobStore())
                .dataset(FakeDataset.of("data").file("a", "theirs"))
                .projectionVersion(() -> 11)
                .open();
        theirs.create();
        SnapshotManager manager = host.open();
        for (RestoreRequest each : List.of(request("snap-1"), request("snap-1").approvedBy("anna", "I insist"))) {
            RestoreRefusedException thrown =
                    assertThrows(RestoreRefusedException.class, () -> manager.restore(manager.plan(each)));
            assertEquals(Optional.of(new RestoreVerdict.VersionAhead(11, 10)), thrown.verdict());
            assertFalse(thrown.getMessage().contains("approvedBy"), thrown.getMessage());
        }
        assertEquals("first", host.live());
        assertEquals(
                dev.cairn.backup.AlertSeverity.ESCALATE,
                host.events(BackupEvent.RestoreRefused.class).get(0).severity());
        RestorePlan bootstrap = manager.plan(request("snap-1").asBootstrap());
        assertEquals(OptionalLong.empty(), bootstrap.currentVersion());
        manager.restore(bootstrap);
        assertEquals("theirs", host.live());
    }

    @Test
    void afterARollbackTheNewerSnapshotsOfTheOwnLineageAreNotAhead() {
        SnapshotManager manager = host.open();
        manager.create();
        host.version.set(50);
        host.data.file("a", "second");
        manager.create();
        restore(manager, "snap-1");
        host.version.set(1); // The restore took the host's version back.
        manager.close();
        SnapshotManager again = host.open();
        RestorePlan plan = again.plan(request("snap-2"));
        assertEquals(OptionalLong.of(50), plan.currentVersion());
        again.restore(plan);
        assertEquals("second", host.live());
    }

    @Test
    void rollbackBringsTheStateBeforeARestoreBackWithoutVerdict() {
        SnapshotManager manager = host.open();
        manager.create();
        host.data.file("a", "second");
        host.version.set(9);
        RestoreReport report = restore(manager, "snap-1");
        host.version.set(1);
        host.clock.advance(Duration.ofDays(3));
        RestoreReport back = manager.rollback(report);
        assertEquals("second", host.live());
        assertEquals(report.safetySnapshot(), Optional.of(back.snapshot().id()));
        assertEquals(List.of(), abandoned("snap-2"), "the timeline is the present one again");
    }

    @Test
    void aRestoreWithoutSafetySnapshotWarnsAndCannotBeRolledBack() {
        SnapshotManager manager = host.open();
        manager.create();
        host.data.failingAt(FakeDataset.Point.PREPARE, new IllegalStateException("the damage itself"));
        RestoreReport report = restore(manager, "snap-1");
        assertEquals(Optional.empty(), report.safetySnapshot());
        assertTrue(
                report.warnings().stream().anyMatch(w -> w.contains("the damage itself")),
                report.warnings().toString());
        assertThrows(RestoreRefusedException.class, () -> manager.rollback(report));
    }

    @Test
    void targetAndSafetySnapshotAreNotPrunedBySnapshotsTakenMeanwhile() {
        SnapshotManager[] manager = new SnapshotManager[1];
        List<Integer> removed = new ArrayList<>();
        manager[0] = host.builder()
                .policy(new dev.cairn.backup.SnapshotPolicy(Duration.ofMinutes(15), 1, Duration.ofMinutes(10)))
                .restoreHooks(
                        () -> removed.add(
                                pruneElsewhere(manager[0].list().get(0).lineage())),
                        () -> {})
                .open();
        for (int i = 0; i < 3; i++) {
            manager[0].create();
        }
        restore(manager[0], "snap-1");
        assertEquals(List.of(1), removed, "another process prunes snap-2 only: snap-1 is the target");
        assertTrue(manager[0].list().stream().anyMatch(s -> s.id().value().equals("snap-1")));
    }

    /** What another process of the same lineage would do; it could not be opened while a restore is pending here. */
    private int pruneElsewhere(String lineage) {
        BrowsableRepository repository = BrowsableRepository.at(host.blobs);
        Retention one = Retention.keepLast(1);
        return new Pruning(
                        repository,
                        new Catalog(repository, lineage),
                        new RetentionPools(Optional.of(one), Map.of(), Map.of(), one, one, one),
                        host.ticker,
                        AuditTrail.none(),
                        new Proofs(repository, host.state, lineage, Optional.empty(), ReceiptKeys.none(), host.clock))
                .prune()
                .size();
    }

    @Test
    void theSafetySnapshotStaysPinnedUntilTheNextRestore() {
        SnapshotManager manager =
                host.builder().safetyRetention(Retention.keepLast(1)).open();
        manager.create();
        SnapshotId first = restore(manager, "snap-1").safetySnapshot().orElseThrow();
        assertTrue(pinned(first));
        SnapshotId second = restore(manager, "snap-1").safetySnapshot().orElseThrow();
        assertFalse(pinned(first));
        assertTrue(pinned(second));
        assertFalse(pinned(SnapshotId.of("snap-1")), "the target is free again");
    }

    @Test
    void whatIsNewerThanTheTargetIsMarkedAsAbandonedUntilItIsRestored() {
        SnapshotManager manager = host.open();
        manager.create();
        host.data.file("a", "second");
        manager.create();
        RestoreReport report = restore(manager, "snap-1");
        assertEquals(List.of(report.restoreId()), abandoned("snap-2"));
        assertEquals(List.of(), abandoned("snap-1"));
        restore(manager, "snap-2");
        assertEquals(List.of(), abandoned("snap-2"));
    }

    @Test
    void onlyTheChosenDatasetsAreReplaced() {
        FakeDataset more = FakeDataset.of("more").file("a", "first");
        SnapshotManager manager = host.builder().dataset(more).open();
        manager.create();
        host.data.file("a", "second");
        more.file("a", "second");
        manager.restore(manager.plan(request("snap-1").datasets(DatasetSelection.only("more"))));
        assertEquals("second", host.live());
        assertEquals("first", more.disk().files().get("a"));
        InvalidValueException thrown = assertThrows(
                InvalidValueException.class,
                () -> manager.plan(request("snap-1").datasets(DatasetSelection.only("none"))));
        assertTrue(thrown.getMessage().contains("'none'"), thrown.getMessage());
    }

    @Test
    void aDatasetThatTheHostLacksRefusesTheRestoreUnlessItIsLeftOut() {
        FakeDataset more = FakeDataset.of("more").file("a", "x");
        host.builder().dataset(more).open().create();
        SnapshotManager fewer = host.open();
        RestoreRefusedException thrown =
                assertThrows(RestoreRefusedException.class, () -> fewer.plan(request("snap-1")));
        assertTrue(thrown.getMessage().contains("'more'"), thrown.getMessage());
        fewer.restore(fewer.plan(request("snap-1").datasets(DatasetSelection.only("data"))));
    }

    @Test
    void whatWouldChangeSomethingIsRefusedWhileARestoreRuns() {
        SnapshotManager[] manager = new SnapshotManager[1];
        List<String> refused = new ArrayList<>();
        manager[0] = host.builder()
                .onRestored(snapshot -> {
                    SnapshotId id = SnapshotId.of("snap-1");
                    refuse(refused, "create", () -> manager[0].create());
                    refuse(refused, "prune", () -> manager[0].prune());
                    refuse(refused, "verify", () -> manager[0].verify(id));
                    refuse(refused, "delete", () -> manager[0].delete(id));
                    refuse(refused, "pin", () -> manager[0].pin(id, "why"));
                    refuse(refused, "unpin", () -> manager[0].unpin(id));
                    refuse(refused, "acknowledge", () -> manager[0].acknowledge(id, "anna", "why"));
                    refuse(refused, "restore", () -> manager[0].restore(manager[0].plan(request("snap-1"))));
                    assertEquals(2, manager[0].list().size(), "reading goes on");
                    assertEquals(
                            BackupHealth.Status.HEALTHY, manager[0].health().status());
                })
                .open();
        manager[0].create();
        restore(manager[0], "snap-1");
        assertEquals(List.of("create", "prune", "verify", "delete", "pin", "unpin", "acknowledge", "restore"), refused);
        manager[0].create();
    }

    private static void refuse(List<String> refused, String name, Executable call) {
        assertThrows(BackupBusyException.class, call, name);
        refused.add(name);
    }

    @Test
    void aRestoreThatFailsIsToldAndTheHostGoesOn() {
        SnapshotManager manager =
                host.builder().restoreCheck("never", snapshot -> false).open();
        manager.create();
        host.data.file("a", "second");
        RestoreFailedException thrown = assertThrows(RestoreFailedException.class, () -> restore(manager, "snap-1"));
        assertTrue(thrown.rolledBack());
        assertEquals("second", host.live());
        assertTrue(host.events(BackupEvent.RestoreFailed.class).get(0).rolledBack());
        assertEquals(1, manager.health().statistics().restoreFailuresTotal());
        assertEquals(List.of(), abandoned("snap-1"));
        manager.create();
    }

    @Test
    void aDamagedTargetIsRefusedBeforeAnythingIsTouched() {
        SnapshotManager manager = host.open();
        manager.create(SnapshotRequest.of());
        host.data.file("a", "second");
        host.blobs.damage(dev.cairn.backup.spi.BlobName.of("snap-1/snapshot/data/a"), new byte[5]);
        assertThrows(BackupException.class, () -> restore(manager, "snap-1"));
        assertEquals("second", host.live());
    }

    /** "Every exception is a BackupException", also when the host's own supplier is not ready. */
    @Test
    void aVersionThatCannotBeToldIsATypedErrorOfThePlan() {
        boolean[] ready = {true};
        SnapshotManager manager = host.builder()
                .projectionVersion(() -> {
                    if (!ready[0]) {
                        throw new IllegalStateException("no version yet");
                    }
                    return 1;
                })
                .open();
        manager.create();
        ready[0] = false;
        BackupException thrown = assertThrows(BackupException.class, () -> manager.plan(request("snap-1")));
        assertTrue(thrown.getMessage().contains("no version yet"), thrown.getMessage());
    }

    private boolean pinned(SnapshotId id) {
        return marks(id).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED);
    }

    private List<String> abandoned(String id) {
        return marks(SnapshotId.of(id)).stream()
                .filter(mark -> mark.kind() == Mark.Kind.ABANDONED)
                .map(Mark::holder)
                .toList();
    }

    private List<Mark> marks(SnapshotId id) {
        return BrowsableRepository.at(host.blobs).marks(id);
    }
}
