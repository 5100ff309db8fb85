package dev.cairn.backup;

/**
 * The id is or was in use. Ids are never used twice, also after their snapshot was pruned. Nothing was written.
 */
public final class SnapshotExistsException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param snapshot the id asked for
     */
    public SnapshotExistsException(SnapshotId snapshot) {
        super(
                "The id '" + snapshot + "' is or was used by another snapshot",
                "Choose an id that was never used",
                snapshot,
                null);
    }
}
