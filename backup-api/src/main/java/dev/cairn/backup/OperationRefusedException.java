package dev.cairn.backup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operation was refused before it was begun, because of who asks or because something needed was not said. Nothing was touched. */
public final class OperationRefusedException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** Which check refused it, in the order of the checks. */
    public enum Kind {
        /** The caller is at another machine, and operations are for this one only. */
        NOT_LOCAL,
        /** What the request says cannot be understood, or something is missing in it. */
        MALFORMED,
        /** The policy denied it. */
        DENIED
    }

    private final Kind kind;
    private final String code;
    private final @Nullable String reason;

    private OperationRefusedException(
            Kind kind,
            String code,
            @Nullable String reason,
            String problem,
            String nextStep,
            @Nullable Throwable cause) {
        super(problem, nextStep, null, cause);
        this.kind = kind;
        this.code = code;
        this.reason = reason;
    }

    /** The caller is at another machine. */
    public static OperationRefusedException notLocal(Operation operation, String address) {
        return new OperationRefusedException(
                Kind.NOT_LOCAL,
                "forbidden",
                null,
                "'" + operation.action() + "' was asked for from '" + address + "', which is no loopback address",
                "Call from the machine that the host runs on, or let the host allow remote callers",
                null);
    }

    /**
     * Something needed is missing.
     *
     * @param parameter its name, such as {@code backup_id}; the code is {@code missing_backup_id}
     */
    public static OperationRefusedException missing(String parameter) {
        return new OperationRefusedException(
                Kind.MALFORMED,
                "missing_" + parameter,
                null,
                "The parameter " + parameter + " is missing",
                "Give one",
                null);
    }

    /**
     * Something is not what it should be.
     *
     * @param parameter its name, such as {@code now}; the code is {@code invalid_now}
     * @param value as it was given
     * @param allowed what is allowed, as the end of the sentence "allowed is …"
     */
    public static OperationRefusedException invalid(String parameter, String value, String allowed) {
        return new OperationRefusedException(
                Kind.MALFORMED,
                "invalid_" + parameter,
                null,
                "The parameter " + parameter + " is '" + AuditText.bounded(value, AuditEvent.MAX_TEXT) + "'",
                "Allowed is " + allowed,
                null);
    }

    /** The policy denied it. */
    public static OperationRefusedException denied(
            Actor actor, Operation operation, String reason, @Nullable Throwable cause) {
        return new OperationRefusedException(
                Kind.DENIED,
                "operations_forbidden",
                reason,
                actor.id()
                        + actor.member()
                                .map(member -> " for member '" + member + "'")
                                .orElse("") + " may not do '" + operation.action() + "': " + reason,
                "Ask somebody whom the host's policy allows it",
                cause);
    }

    /** Which check refused it. */
    public Kind kind() {
        return kind;
    }

    /** A code for programs: {@code forbidden}, {@code operations_forbidden}, or {@code missing_} or {@code invalid_} and the parameter. */
    public String code() {
        return code;
    }

    /** The policy's reason, if it was the policy. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }
}
