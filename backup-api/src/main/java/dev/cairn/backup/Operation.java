package dev.cairn.backup;

import java.util.Set;

/**
 * Something that an {@link Actor} wants done: what an {@link OperationPolicy} decides about and what an audit line tells. Hosts have their own actions beside those named here. Immutable.
 *
 * @param action what, such as {@value #RESTORE}; not blank, at most {@link AuditEvent#MAX_ACTION} characters
 * @param target to what, such as a snapshot's id, exactly as it was asked for; may be empty; at most {@link AuditEvent#MAX_TEXT} characters
 */
public record Operation(String action, String target) {

    /** Take a snapshot. The target is its id, empty before it has one. */
    public static final String CREATE = "snapshot.create";

    /** List snapshots. The target is {@value #REPOSITORY}. */
    public static final String LIST = "snapshot.list";

    /** Show one snapshot. */
    public static final String SHOW = "snapshot.show";

    /** Plan a restore. */
    public static final String PLAN = "snapshot.plan";

    /** Restore a snapshot. */
    public static final String RESTORE = "snapshot.restore";

    /** Undo a restore. The target is the restore's id. */
    public static final String ROLLBACK = "snapshot.rollback";

    /** List what restores have put aside. The target is {@value #REPOSITORY}. */
    public static final String LIST_TRASH = "trash.list";

    /** End a restore that a crash cut short. */
    public static final String RECOVER = "snapshot.recover";

    /** Remove one snapshot. */
    public static final String DELETE = "snapshot.delete";

    /** Keep a snapshot from being pruned. */
    public static final String PIN = "snapshot.pin";

    /** Take a pin back. */
    public static final String UNPIN = "snapshot.unpin";

    /** Accept a suspect snapshot. */
    public static final String ACKNOWLEDGE = "snapshot.acknowledge";

    /** Read a snapshot back. */
    public static final String VERIFY = "snapshot.verify";

    /** Rehearse a restore. The target is the snapshot, or {@value #LATEST}. */
    public static final String DRILL = "snapshot.drill";

    /** The target of a drill that takes the newest good snapshot. */
    public static final String LATEST = "latest";

    /** Read a dataset's change log back. The target is the dataset. */
    public static final String VERIFY_LOG = "log.verify";

    /** Check the chain of snapshots. The target is {@value #REPOSITORY}. */
    public static final String VERIFY_CHAIN = "chain.verify";

    /** Accept a break of the chain. The target is what the break is about. */
    public static final String ACKNOWLEDGE_BREAK = "chain.acknowledge";

    /** Look at receipts. The target is {@value #REPOSITORY}, or the receipt's number. */
    public static final String LIST_RECEIPTS = "receipts.list";

    /** Check all receipts. The target is {@value #REPOSITORY}. */
    public static final String VERIFY_RECEIPTS = "receipts.verify";

    /** Issue a receipt of a snapshot. */
    public static final String ATTEST = "receipts.issue";

    /** Add a second party's signature. The target is the receipt's number. */
    public static final String COUNTERSIGN = "receipts.countersign";

    /** Remove a receipt for good. The target is its number. */
    public static final String REMOVE_RECEIPT = "receipts.remove";

    /** Remove what retention does not keep. The target is {@value #REPOSITORY}; each snapshot that goes has a line {@code snapshot.prune} of its own. */
    public static final String PRUNE = "repository.prune";

    /** Free what no snapshot needs. The target is {@value #REPOSITORY}. */
    public static final String SWEEP = "repository.sweep";

    /** Look for damage. The target is {@value #REPOSITORY}. */
    public static final String CHECK = "repository.check";

    /** Mend damage. The target is {@value #REPOSITORY}. */
    public static final String REPAIR = "repository.repair";

    /** List who can open the repository. The target is {@value #REPOSITORY}. */
    public static final String LIST_KEYS = "keys.list";

    /** Let one more holder open the repository. The target is the label, then the slot. */
    public static final String ADD_KEY = "keys.add";

    /** Remove a key slot. The target is the slot. */
    public static final String REMOVE_KEY = "keys.remove";

    /** Make a recovery code. The target is {@value #REPOSITORY}; the code is in no line. */
    public static final String NEW_RECOVERY_CODE = "keys.recovery.new";

    /** Confirm a recovery code. The target is who confirms. */
    public static final String CONFIRM_RECOVERY = "keys.recovery.confirm";

    /** Decline a recovery code. The target is who declines. */
    public static final String DECLINE_RECOVERY = "keys.recovery.decline";

    /** The target of what is about all of the repository. */
    public static final String REPOSITORY = "repository";

    private static final Set<String> READING =
            Set.of(LIST, SHOW, PLAN, VERIFY_LOG, VERIFY_CHAIN, LIST_RECEIPTS, VERIFY_RECEIPTS, LIST_KEYS, LIST_TRASH);

    /** @throws InvalidValueException if the action is blank */
    public Operation {
        if (action.isBlank()) {
            throw new InvalidValueException("action", action, "a name such as " + RESTORE);
        }
        action = AuditText.bounded(action, AuditEvent.MAX_ACTION);
        target = AuditText.bounded(target, AuditEvent.MAX_TEXT);
    }

    /** That action on that target. */
    public static Operation of(String action, String target) {
        return new Operation(action, target);
    }

    /** That action on the repository as a whole. */
    public static Operation onRepository(String action) {
        return new Operation(action, REPOSITORY);
    }

    /** Whether it may change something: a verification marks, a check keeps a ledger; of a host's own actions nobody knows, so they may. */
    public boolean changes() {
        return !READING.contains(action);
    }
}
