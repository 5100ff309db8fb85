package dev.cairn.backup;

/**
 * An earlier restore was interrupted and has not been ended, so this call is refused.
 */
public final class RestorePendingException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param snapshot the snapshot whose restore is pending
     * @param problem what is pending
     * @param nextStep how to end it
     */
    public RestorePendingException(SnapshotId snapshot, String problem, String nextStep) {
        super(problem, nextStep, snapshot, null);
    }
}
