package dev.cairn.backup;

/**
 * The audit log is not what was written: somebody changed it, or its disk or the state store lost acknowledged lines. It was left alone, as evidence.
 */
public final class DamagedAuditException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final transient AuditDamage damage;

    /**
     * @param log where the log lies
     * @param damage the first place where it is not what was written
     */
    public DamagedAuditException(String log, AuditDamage damage) {
        super(
                "The audit log " + log + " is damaged: " + damage,
                "Keep a copy as evidence and find out why; then open it with acceptDamage(operator, reason), which puts the old files aside and goes on in a new chain",
                null,
                null);
        this.damage = damage;
    }

    /** The first place where it is not what was written. */
    public AuditDamage damage() {
        return damage;
    }
}
