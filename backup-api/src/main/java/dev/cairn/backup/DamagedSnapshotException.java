package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * What the repository holds of a snapshot is not what was written: the manifest is missing, cut or altered, or content does not
 * match its checksum. No wrong byte is ever handed out instead.
 */
public final class DamagedSnapshotException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String damaged;

    /**
     * @param snapshot the snapshot
     * @param damaged what is damaged: a blob's name or an entry's path
     * @param problem what is wrong with it
     * @param cause the underlying failure, or null
     */
    public DamagedSnapshotException(SnapshotId snapshot, String damaged, String problem, @Nullable Throwable cause) {
        super(
                "Snapshot '" + snapshot + "' is damaged: " + damaged + " " + problem,
                "Restore another snapshot; verify() names all that is damaged",
                snapshot,
                cause);
        this.damaged = damaged;
    }

    /** What is damaged: a blob's name or an entry's path. */
    public String damaged() {
        return damaged;
    }
}
