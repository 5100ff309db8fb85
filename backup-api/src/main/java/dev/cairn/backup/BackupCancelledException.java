package dev.cairn.backup;

/**
 * The operation was cancelled through its token, or its thread was interrupted (whose flag is kept). Nothing is listed or changed;
 * what was written so far is removed by a later prune.
 */
public final class BackupCancelledException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param operation what was cancelled
     */
    public BackupCancelledException(String operation) {
        super(operation + " was cancelled", "Start it again when wanted", null, null);
    }
}
