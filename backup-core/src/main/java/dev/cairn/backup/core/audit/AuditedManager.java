package dev.cairn.backup.core.audit;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.Operation;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.Receipts;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.ShutdownReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.TrashItem;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.cursor.ReleaseFloor;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A manager whose host has an audit log: each operation that changes or judges something is one line, by the host. Looking is not: what is listed and planned here is the host's own business;
 * {@code BackupOperations} audits that too. Thread-safe.
 */
public final class AuditedManager implements SnapshotManager {

    private final SnapshotManager manager;
    private final AuditTrail trail;

    /** Calls that manager. */
    public AuditedManager(SnapshotManager manager, AuditTrail trail) {
        this.manager = manager;
        this.trail = trail;
    }

    /** The manager that is called, for whoever writes the lines instead. */
    public SnapshotManager unaudited() {
        return manager;
    }

    /** Where the lines go. */
    public AuditTrail trail() {
        return trail;
    }

    private <T> T call(String action, String target, Supplier<T> work) {
        return trail.hostCall(Operation.of(action, target), Map.of(), work);
    }

    private void tell(String action, SnapshotId target, Map<String, String> said, Runnable work) {
        trail.hostCall(Operation.of(action, target.value()), said, () -> {
            work.run();
            return target;
        });
    }

    @Override
    public SnapshotReport create(SnapshotRequest request) {
        String wanted = request.id().map(SnapshotId::value).orElse("");
        return call(Operation.CREATE, wanted, () -> manager.create(request));
    }

    @Override
    public List<SnapshotMetadata> list() {
        return manager.list();
    }

    @Override
    public List<SnapshotMetadata> listAll() {
        return manager.listAll();
    }

    @Override
    public List<InvalidSnapshot> listInvalid() {
        return manager.listInvalid();
    }

    @Override
    public SnapshotMetadata get(SnapshotId id) {
        return manager.get(id);
    }

    @Override
    public List<RetentionDecision> retention() {
        return manager.retention();
    }

    @Override
    public int prune() {
        return call(Operation.PRUNE, Operation.REPOSITORY, manager::prune);
    }

    @Override
    public void delete(SnapshotId id) {
        tell(Operation.DELETE, id, Map.of(), () -> manager.delete(id));
    }

    @Override
    public void pin(SnapshotId id, String reason) {
        tell(Operation.PIN, id, Map.of("why", reason), () -> manager.pin(id, reason));
    }

    @Override
    public void unpin(SnapshotId id) {
        tell(Operation.UNPIN, id, Map.of(), () -> manager.unpin(id));
    }

    @Override
    public void acknowledge(SnapshotId id, String operator, String reason) {
        tell(
                Operation.ACKNOWLEDGE,
                id,
                Map.of("operator", operator, "why", reason),
                () -> manager.acknowledge(id, operator, reason));
    }

    @Override
    public VerificationReport verify(SnapshotId id) {
        return call(Operation.VERIFY, id.value(), () -> manager.verify(id));
    }

    @Override
    public SweepReport sweep(SweepRequest request) {
        return call(Operation.SWEEP, Operation.REPOSITORY, () -> manager.sweep(request));
    }

    @Override
    public RepositoryReport check(RepositoryCheck check) {
        return call(Operation.CHECK, Operation.REPOSITORY, () -> manager.check(check));
    }

    @Override
    public RepairReport repair(RepositoryCheck check) {
        return call(Operation.REPAIR, Operation.REPOSITORY, () -> manager.repair(check));
    }

    @Override
    public Optional<Instant> lastVerified(SnapshotId id) {
        return manager.lastVerified(id);
    }

    @Override
    public List<Mark> marks(SnapshotId id) {
        return manager.marks(id);
    }

    @Override
    public List<RestoreWindow> restoreWindows(String dataset) {
        return manager.restoreWindows(dataset);
    }

    @Override
    public RestorePoint restorePoint(String dataset, Instant at) {
        return manager.restorePoint(dataset, at);
    }

    @Override
    public RestorePoint restorePoint(String dataset, LogPosition position) {
        return manager.restorePoint(dataset, position);
    }

    @Override
    public LogVerification verifyLog(String dataset) {
        return call(Operation.VERIFY_LOG, dataset, () -> manager.verifyLog(dataset));
    }

    @Override
    public ChainVerification verifyChain(long from, long to) {
        return call(Operation.VERIFY_CHAIN, Operation.REPOSITORY, () -> manager.verifyChain(from, to));
    }

    @Override
    public ChainVerification acknowledge(ChainBreak broken, String operator, String reason) {
        Map<String, String> said = Map.of("operator", operator, "why", reason, "break", broken.toString());
        Operation accepting = Operation.of(Operation.ACKNOWLEDGE_BREAK, broken.what());
        return trail.call(trail.host(), accepting, said, () -> manager.acknowledge(broken, operator, reason));
    }

    @Override
    public Receipts receipts() {
        return new AuditedReceipts(manager::receipts, new AuditedReceipts.Calls() {
            @Override
            public <T> T call(Operation operation, Map<String, String> said, Supplier<T> work) {
                return operation.action().equals(Operation.LIST_RECEIPTS)
                        ? work.get()
                        : trail.call(trail.host(), operation, said, work);
            }
        });
    }

    @Override
    public RestorePlan plan(RestoreRequest request) {
        return manager.plan(request);
    }

    @Override
    public RestoreReport restore(RestorePlan plan) {
        return call(Operation.RESTORE, plan.request().target().value(), () -> manager.restore(plan));
    }

    @Override
    public RestoreReport rollback(PastRestore restore) {
        return call(Operation.ROLLBACK, restore.restoreId(), () -> manager.rollback(restore));
    }

    @Override
    public Optional<PastRestore> lastRestore() {
        return manager.lastRestore();
    }

    @Override
    public DrillReport drill(DrillRequest request) {
        String target = request.target().map(SnapshotId::value).orElse(Operation.LATEST);
        return call(Operation.DRILL, target, () -> manager.drill(request));
    }

    @Override
    public Optional<DrillReport> lastDrill() {
        return manager.lastDrill();
    }

    @Override
    public Optional<Instant> lastRestoreTested(SnapshotId id) {
        return manager.lastRestoreTested(id);
    }

    @Override
    public List<TrashItem> trash() {
        return manager.trash();
    }

    @Override
    public TimelineEpoch epoch() {
        return manager.epoch();
    }

    @Override
    public Optional<SnapshotCut> cut(SnapshotId id) {
        return manager.cut(id);
    }

    @Override
    public ReleaseFloor releaseFloor(Duration replayHorizon) {
        return manager.releaseFloor(replayHorizon);
    }

    @Override
    public List<SnapshotMetadata> runIfDue() {
        return manager.runIfDue();
    }

    @Override
    public BackupHealth health() {
        return manager.health();
    }

    @Override
    public ShutdownReport shutdown(Duration budget) {
        return manager.shutdown(budget);
    }

    @Override
    public Optional<ShutdownReport> shutdownReport() {
        return manager.shutdownReport();
    }

    @Override
    public void close() {
        manager.close();
    }
}
