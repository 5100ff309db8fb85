package dev.cairn.backup;

/** Somebody else writes to this audit log: another process, or another part of this one. Two writers would break its chain, so nothing was opened. */
public final class AuditInUseException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** @param log where the log lies */
    public AuditInUseException(String log) {
        super(
                "The audit log " + log + " has a writer already",
                "Use the log that is open, or close it first; a second process needs a folder of its own",
                null,
                null);
    }
}
