package dev.cairn.backup;

import java.util.Optional;

/**
 * What a host answers over HTTP when an operation was refused or failed. The host has the server; this is only the mapping, so that hosts do not write it again. Immutable.
 *
 * <p>Messages name ids, paths and what to do next. They are for operators: whoever lets others in answers them {@link #withoutMessage}.
 *
 * @param status the status code, 400 to 599
 * @param code a code for programs
 * @param reason the policy's reason, if it was the policy
 * @param message what happened and what to do next, for people; empty for refusals, whose code says all that a stranger has to know
 */
public record OperationError(int status, String code, Optional<String> reason, Optional<String> message) {

    /** The code of a failure that has none of its own. */
    public static final String FAILED = "backup_operation_failed";

    /** @throws InvalidValueException if the status is none of an error */
    public OperationError {
        if (status < 400 || status > 599) {
            throw new InvalidValueException("status", status, "400 to 599");
        }
    }

    /**
     * Tells failures apart: 400 for values that are not allowed, 404 for what does not exist, 409 for what contradicts the present state, 503 for what may work later, 507 for a full
     * store, 500 with {@value #FAILED} for everything else; refusals as in {@link #uniform}.
     */
    public static OperationError of(BackupException failure) {
        if (failure instanceof OperationRefusedException refused) {
            return refusal(refused);
        } else if (failure instanceof InvalidValueException || failure instanceof LimitExceededException) {
            return failed(400, "invalid_value", failure);
        } else if (failure instanceof SnapshotNotFoundException) {
            return failed(404, "snapshot_not_found", failure);
        } else if (failure instanceof RestorePointNotFoundException) {
            return failed(404, "restore_point_not_found", failure);
        } else if (failure instanceof SnapshotExistsException) {
            return failed(409, "snapshot_exists", failure);
        } else if (failure instanceof BackupBusyException) {
            return failed(409, "backup_busy", failure);
        } else if (failure instanceof RestoreRefusedException) {
            return failed(409, "restore_refused", failure);
        } else if (failure instanceof RestorePendingException) {
            return failed(409, "restore_pending", failure);
        } else if (failure instanceof DatasetInUseException) {
            return failed(409, "dataset_in_use", failure);
        } else if (failure instanceof AuditUnavailableException) {
            return failed(503, "audit_unavailable", failure);
        } else if (failure instanceof StoreException store) {
            return switch (store.reason()) {
                case UNREACHABLE -> failed(503, "store_unreachable", failure);
                case FULL -> failed(507, "store_full", failure);
                case DENIED, OUTCOME_UNKNOWN, UNSUPPORTED, IO -> failed(500, FAILED, failure);
            };
        }
        return failed(500, FAILED, failure);
    }

    /** Every failure as 500 with {@value #FAILED}, for callers who know no other; refusals as 403 and 400 with their codes. */
    public static OperationError uniform(BackupException failure) {
        return failure instanceof OperationRefusedException refused ? refusal(refused) : failed(500, FAILED, failure);
    }

    private static OperationError refusal(OperationRefusedException refused) {
        return new OperationError(
                refused.kind() == OperationRefusedException.Kind.MALFORMED ? 400 : 403,
                refused.code(),
                refused.reason(),
                Optional.empty());
    }

    private static OperationError failed(int status, String code, BackupException failure) {
        return new OperationError(status, code, Optional.empty(), Optional.of(failure.getMessage()));
    }

    /** Without the message. */
    public OperationError withoutMessage() {
        return new OperationError(status, code, reason, Optional.empty());
    }

    /** The body: one JSON object with {@code error} and, where there is one, {@code reason} and {@code message}, in that order and without spaces, in ASCII. */
    public String json() {
        StringBuilder json = new StringBuilder("{\"error\":");
        quote(json, code);
        reason.ifPresent(text -> quote(json.append(",\"reason\":"), text));
        message.ifPresent(text -> quote(json.append(",\"message\":"), text));
        return json.append('}').toString();
    }

    /** RFC 8259, section 7. Everything beyond ASCII is escaped, half surrogate pairs too, so that no encoding of the answer can change it. */
    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
