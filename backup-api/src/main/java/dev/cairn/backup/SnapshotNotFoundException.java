package dev.cairn.backup;

/**
 * No snapshot of that id is in the repository.
 */
public final class SnapshotNotFoundException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param snapshot the id asked for
     */
    public SnapshotNotFoundException(SnapshotId snapshot) {
        super("There is no snapshot '" + snapshot + "'", "Choose one from list()", snapshot, null);
    }
}
