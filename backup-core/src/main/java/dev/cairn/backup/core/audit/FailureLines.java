package dev.cairn.backup.core.audit;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditEvent.IncidentCode;
import dev.cairn.backup.AuditOutcome;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.RestorePendingException;
import dev.cairn.backup.RestorePointNotFoundException;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotNotFoundException;
import java.util.Optional;

/** What made an operation end early as its audit line: whether it was refused or failed, why, and which incident it is. */
final class FailureLines {

    private static final String MISSING_MEMBER = "missing_member_id";

    private FailureLines() {}

    static AuditEvent of(AuditEvent line, Throwable failure) {
        AuditEvent told = new AuditEvent(
                        line.at(),
                        line.actor(),
                        line.action(),
                        line.target(),
                        refused(failure) ? AuditOutcome.DENIED : AuditOutcome.FAILED,
                        line.details(),
                        incident(line.action(), failure))
                .detail("error", failure.getClass().getSimpleName())
                .detail("problem", Optional.ofNullable(failure.getMessage()).orElse(""));
        if (failure instanceof OperationRefusedException refusal) {
            return told.detail("reason", refusal.reason().orElse(refusal.code()));
        }
        return told;
    }

    /** By whoever may refuse; what the caller got wrong was permitted and went wrong. */
    private static boolean refused(Throwable failure) {
        return failure instanceof BackupBusyException
                || failure instanceof RestoreRefusedException
                || failure instanceof RestorePendingException
                || failure instanceof OperationRefusedException refusal && !isMissingTarget(refusal);
    }

    /** The one check that comes after the policy has agreed. */
    private static boolean isMissingTarget(OperationRefusedException refusal) {
        return refusal.kind() == OperationRefusedException.Kind.MALFORMED
                && !refusal.code().equals(MISSING_MEMBER);
    }

    private static Optional<IncidentCode> incident(String action, Throwable failure) {
        return code(action, failure).map(code -> new IncidentCode(code, AlertSeverity.ESCALATE));
    }

    private static Optional<String> code(String action, Throwable failure) {
        if (isMissingManifest(failure)) {
            return Optional.of(Incident.MANIFEST_MISSING);
        }
        if (failure instanceof RestoreRefusedException denied
                && denied.verdict()
                        .filter(RestoreVerdict.VersionAhead.class::isInstance)
                        .isPresent()) {
            return Optional.of(Incident.VERSION_AHEAD);
        }
        if (refused(failure) || isCallersFault(failure)) {
            return Optional.empty();
        }
        return switch (action) {
            case Operation.CREATE -> Optional.of(Incident.CREATE_FAILED);
            case Operation.RESTORE, Operation.ROLLBACK, Operation.RECOVER ->
                Optional.of(
                        failure instanceof SnapshotNotFoundException
                                ? Incident.MANIFEST_MISSING
                                : Incident.RESTORE_FAILED);
            case Operation.VERIFY ->
                failure instanceof DamagedSnapshotException ? Optional.of(Incident.VERIFY_FAILED) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean isMissingManifest(Throwable failure) {
        return failure instanceof DamagedSnapshotException damaged
                && damaged.getCause() instanceof BlobNotFoundException
                && damaged.damaged().endsWith("manifest.json");
    }

    /** What a caller got wrong or stopped is in the trail, and calls nobody. */
    private static boolean isCallersFault(Throwable failure) {
        return failure instanceof InvalidValueException
                || failure instanceof SnapshotExistsException
                || failure instanceof RestorePointNotFoundException
                || failure instanceof BackupCancelledException
                || failure instanceof OperationRefusedException;
    }
}
