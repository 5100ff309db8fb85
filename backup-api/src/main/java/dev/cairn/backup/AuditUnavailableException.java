package dev.cairn.backup;

/** The audit log cannot be written, and the host lets nothing be done that is not in it. Nothing was changed. */
public final class AuditUnavailableException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param operation what was to be done
     * @param cause why the log cannot be written
     */
    public AuditUnavailableException(Operation operation, RuntimeException cause) {
        super(
                "'" + operation.action() + "' is not possible, because the audit log cannot be written: "
                        + cause.getMessage(),
                "Mend the log; until then only an opening without requireAudit() lets it be done",
                null,
                cause);
    }
}
