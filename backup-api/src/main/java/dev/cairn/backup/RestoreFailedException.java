package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * A restore began and failed. {@link #rolledBack()} tells whether all datasets are as they were; if not, the restore is pending and
 * {@code Cairn.recoverPending} ends it at the next start.
 */
public final class RestoreFailedException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final boolean rolledBack;

    /**
     * @param snapshot the snapshot that was to be restored
     * @param problem what failed
     * @param rolledBack whether all datasets are as they were before
     * @param cause the underlying failure, or null
     */
    public RestoreFailedException(SnapshotId snapshot, String problem, boolean rolledBack, @Nullable Throwable cause) {
        super(
                problem,
                rolledBack
                        ? "All datasets are as they were; mend the cause and plan again"
                        : "Stop the host and start it again: Cairn.recoverPending ends the restore first thing in main",
                snapshot,
                cause);
        this.rolledBack = rolledBack;
    }

    /** Whether all datasets are as they were before. */
    public boolean rolledBack() {
        return rolledBack;
    }
}
