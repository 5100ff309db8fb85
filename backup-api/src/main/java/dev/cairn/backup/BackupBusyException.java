package dev.cairn.backup;

/**
 * The manager is closed, or busy with an operation that this call cannot wait for. Nothing was done.
 */
public final class BackupBusyException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param problem what it is busy with
     * @param nextStep what to do
     */
    public BackupBusyException(String problem, String nextStep) {
        super(problem, nextStep, null, null);
    }
}
