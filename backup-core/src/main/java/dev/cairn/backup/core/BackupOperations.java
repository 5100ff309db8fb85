package dev.cairn.backup.core;

import dev.cairn.backup.Actor;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.Receipts;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.TrashItem;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.audit.AuditedManager;
import dev.cairn.backup.core.audit.AuditedReceipts;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.core.operate.Admission;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A manager for callers who are not the host itself: people at an admin page, a command line, another service. Every call has an actor, is decided by the host's policy, and is one line in the
 * audit log with its target, whether it was allowed, denied or failed; reading is a line too. HTTP stays in the host, which answers what a call throws by {@link dev.cairn.backup.OperationError}.
 *
 * <p>A call is checked in this order, and only the first that fails is answered and written:
 *
 * <ol>
 *   <li>an actor with an address must be at this machine ({@link dev.cairn.backup.LoopbackAddress}), unless {@link #allowRemote}: {@link OperationRefusedException.Kind#NOT_LOCAL}, written without
 *       the member that it claims. An actor without an address is within the process: a host that serves a socket always gives one
 *   <li>with {@link #requireMember}, a member must be named: {@code missing_member_id}
 *   <li>the policy: {@link OperationRefusedException.Kind#DENIED} with its reason
 *   <li>where an id is needed, that there is one: {@code missing_backup_id}
 * </ol>
 *
 * <p>Ids are texts as callers gave them. They are parsed last, so that one that is not allowed is a failure with its target in the log, not a way around it.
 *
 * <p>Immutable and thread-safe. Every method throws {@link OperationRefusedException}, with {@link CairnBuilder#requireAudit} also {@link dev.cairn.backup.AuditUnavailableException}, and what the
 * manager's method of the same name throws.
 */
public final class BackupOperations {

    private final SnapshotManager manager;
    private final AuditTrail trail;
    private final Admission admission;

    private BackupOperations(SnapshotManager manager, AuditTrail trail, Admission admission) {
        this.manager = manager;
        this.trail = trail;
        this.admission = admission;
    }

    /**
     * The operations of a manager, for callers at this machine.
     *
     * @param manager opened with {@link CairnBuilder#audit}; stays the host's to close
     * @throws ConfigurationException if it has no audit log
     */
    public static BackupOperations of(SnapshotManager manager, OperationPolicy policy) {
        if (!(manager instanceof AuditedManager audited)) {
            throw new ConfigurationException(
                    "Operations need a manager with an audit log, and this one has none",
                    "Open it with Cairn.builder().audit(…)");
        }
        return new BackupOperations(audited.unaudited(), audited.trail(), new Admission(policy, true, false));
    }

    /** The same, refusing callers who name no member. */
    public BackupOperations requireMember() {
        return new BackupOperations(manager, trail, new Admission(admission.policy(), admission.localOnly(), true));
    }

    /** The same, also for callers at other machines. */
    public BackupOperations allowRemote() {
        return new BackupOperations(manager, trail, new Admission(admission.policy(), false, admission.membersOnly()));
    }

    /**
     * Runs an operation of the host's own by the same checks and into the same log, such as {@code lane.remove}.
     *
     * @param work run if the call is admitted; what it throws is the failure
     */
    public <T> T run(Actor actor, Operation operation, Supplier<T> work) {
        return run(actor, operation, Map.of(), work);
    }

    private <T> T run(Actor actor, Operation operation, Map<String, String> said, Supplier<T> work) {
        try {
            admission.admit(actor, operation);
        } catch (OperationRefusedException e) {
            boolean stranger = e.kind() == OperationRefusedException.Kind.NOT_LOCAL;
            trail.failed(stranger ? actor.member(null) : actor, operation, e);
            throw e;
        }
        return trail.call(actor, operation, said, work);
    }

    private void tell(Actor actor, Operation operation, Map<String, String> said, Runnable work) {
        run(actor, operation, said, () -> {
            work.run();
            return operation;
        });
    }

    private static SnapshotId id(String text) {
        if (text.isBlank()) {
            throw OperationRefusedException.missing("backup_id");
        }
        return SnapshotId.of(text);
    }

    /** Takes a snapshot of everything. */
    public SnapshotReport create(Actor actor) {
        return create(actor, "", request -> request);
    }

    /**
     * Takes a snapshot.
     *
     * @param id the caller's own id; blank for the manager's naming
     * @param with what else is wanted; asked once the call is admitted
     */
    public SnapshotReport create(Actor actor, String id, UnaryOperator<SnapshotRequest> with) {
        return run(actor, Operation.of(Operation.CREATE, id), () -> {
            SnapshotRequest request = SnapshotRequest.of();
            return manager.create(with.apply(id.isBlank() ? request : request.id(SnapshotId.of(id))));
        });
    }

    /** The snapshots of this lineage, oldest first. */
    public List<SnapshotMetadata> list(Actor actor) {
        return run(actor, Operation.onRepository(Operation.LIST), manager::list);
    }

    /** One snapshot. */
    public SnapshotMetadata show(Actor actor, String id) {
        return run(actor, Operation.of(Operation.SHOW, id), () -> manager.get(id(id)));
    }

    /** Plans a restore. */
    public RestorePlan plan(Actor actor, String id, UnaryOperator<RestoreRequest> with) {
        return run(actor, Operation.of(Operation.PLAN, id), () -> manager.plan(with.apply(RestoreRequest.of(id(id)))));
    }

    /**
     * Plans a restore and carries it out.
     *
     * @param with what else is wanted; asked once the call is admitted. An operator whose approval it carries is a detail of the line; the actor is who calls
     */
    public RestoreReport restore(Actor actor, String id, UnaryOperator<RestoreRequest> with) {
        return run(
                actor,
                Operation.of(Operation.RESTORE, id),
                () -> manager.restore(manager.plan(with.apply(RestoreRequest.of(id(id))))));
    }

    /** Carries out a plan. */
    public RestoreReport restore(Actor actor, RestorePlan plan) {
        String target = plan.request().target().value();
        return run(actor, Operation.of(Operation.RESTORE, target), () -> manager.restore(plan));
    }

    /** Undoes a restore. The target is the restore's id. */
    public RestoreReport rollback(Actor actor, RestoreReport restored) {
        return run(actor, Operation.of(Operation.ROLLBACK, restored.restoreId()), () -> manager.rollback(restored));
    }

    /** Undoes a restore of another process; see {@link SnapshotManager#lastRestore}. The target is the restore's id. */
    public RestoreReport rollback(Actor actor, PastRestore restore) {
        return run(actor, Operation.of(Operation.ROLLBACK, restore.restoreId()), () -> manager.rollback(restore));
    }

    /** What restores have put aside. */
    public List<TrashItem> trash(Actor actor) {
        return run(actor, Operation.onRepository(Operation.LIST_TRASH), manager::trash);
    }

    /** Removes a snapshot. */
    public void delete(Actor actor, String id) {
        tell(actor, Operation.of(Operation.DELETE, id), Map.of(), () -> manager.delete(id(id)));
    }

    /** Keeps a snapshot from being pruned. */
    public void pin(Actor actor, String id, String why) {
        tell(actor, Operation.of(Operation.PIN, id), Map.of("why", why), () -> manager.pin(id(id), why));
    }

    /** Takes a pin back. */
    public void unpin(Actor actor, String id) {
        tell(actor, Operation.of(Operation.UNPIN, id), Map.of(), () -> manager.unpin(id(id)));
    }

    /** Accepts a suspect snapshot, in the name of the member or, without one, of the actor. */
    public void acknowledge(Actor actor, String id, String why) {
        String operator = actor.member().orElse(actor.id());
        tell(
                actor,
                Operation.of(Operation.ACKNOWLEDGE, id),
                Map.of("why", why),
                () -> manager.acknowledge(id(id), operator, why));
    }

    /** Removes what retention does not keep; answers how many snapshots. */
    public int prune(Actor actor) {
        return run(actor, Operation.onRepository(Operation.PRUNE), manager::prune);
    }

    /** Reads a snapshot back. Damage is in the report, and a failure in the log. */
    public VerificationReport verify(Actor actor, String id) {
        return run(actor, Operation.of(Operation.VERIFY, id), () -> manager.verify(id(id)));
    }

    /** Reads a dataset's change log back. Damage is in the report, and a failure in the log. */
    public LogVerification verifyLog(Actor actor, String dataset) {
        return run(actor, Operation.of(Operation.VERIFY_LOG, dataset), () -> manager.verifyLog(dataset));
    }

    /** Checks the chain of snapshots. Breaks are in the result, and a failure in the log. */
    public ChainVerification verifyChain(Actor actor) {
        return run(actor, Operation.onRepository(Operation.VERIFY_CHAIN), manager::verifyChain);
    }

    /** Accepts a break of the chain, in the name of the member or, without one, of the actor; answers what the chain shows now. */
    public ChainVerification acknowledge(Actor actor, ChainBreak broken, String why) {
        return run(
                actor,
                Operation.of(Operation.ACKNOWLEDGE_BREAK, broken.what()),
                Map.of("why", why, "break", broken.toString()),
                () -> manager.acknowledge(broken, actor.member().orElse(actor.id()), why));
    }

    /** The receipts for that actor, each use of which is admitted and written like any other call. */
    public Receipts receipts(Actor actor) {
        return new AuditedReceipts(manager::receipts, new AuditedReceipts.Calls() {
            @Override
            public <T> T call(Operation operation, Map<String, String> said, Supplier<T> work) {
                return run(actor, operation, said, work);
            }
        });
    }

    /**
     * Rehearses a restore. That it failed is in the report, and a failure in the log.
     *
     * @param id the snapshot; blank for the newest good one
     * @param with what else is wanted; asked once the call is admitted
     */
    public DrillReport drill(Actor actor, String id, UnaryOperator<DrillRequest> with) {
        String target = id.isBlank() ? Operation.LATEST : id;
        return run(
                actor,
                Operation.of(Operation.DRILL, target),
                () -> manager.drill(
                        with.apply(id.isBlank() ? DrillRequest.latest() : DrillRequest.of(SnapshotId.of(id)))));
    }

    /** Frees what no snapshot needs any more. */
    public SweepReport sweep(Actor actor, SweepRequest request) {
        return run(actor, Operation.onRepository(Operation.SWEEP), () -> manager.sweep(request));
    }

    /** Looks for damage in all of the repository. Damage is in the report, and a failure in the log. */
    public RepositoryReport check(Actor actor, RepositoryCheck check) {
        return run(actor, Operation.onRepository(Operation.CHECK), () -> manager.check(check));
    }

    /** Mends what can be mended. */
    public RepairReport repair(Actor actor, RepositoryCheck check) {
        return run(actor, Operation.onRepository(Operation.REPAIR), () -> manager.repair(check));
    }

    /**
     * The keys of the repository for that actor, each use of which is admitted and written like any other call. Neither keys nor codes are in any line.
     *
     * @param keys such as {@code PackedRepository.at(home).keys()}
     */
    public RepositoryKeys keys(Actor actor, RepositoryKeys keys) {
        return new AuditedKeys(keys, new AuditedKeys.Calls() {
            @Override
            public <T> T call(Operation operation, Map<String, String> said, Supplier<T> work) {
                return run(actor, operation, said, work);
            }
        });
    }
}
