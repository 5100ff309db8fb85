package dev.cairn.backup.cursor;

import dev.cairn.backup.BackupException;

/**
 * A commit, an acknowledgement or a resumption belongs to another timeline epoch than the current one: a restore lies between. Nothing was
 * changed.
 */
public final class StaleEpochException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final transient TimelineEpoch current;
    private final transient TimelineEpoch attempted;

    /**
     * @param current the epoch that holds now
     * @param attempted the epoch that the call came from
     */
    public StaleEpochException(TimelineEpoch current, TimelineEpoch attempted) {
        super(
                "epoch " + attempted.number() + " is not the current epoch " + current.number(),
                attempted.compareTo(current) < 0
                        ? "A restore began a new epoch: drop what was read before it and read from the restored cursor"
                        : "This value is older than the last restore: take the epoch and cursors that the restore gave back",
                null,
                null);
        this.current = current;
        this.attempted = attempted;
    }

    /** The epoch that holds now. */
    public TimelineEpoch current() {
        return current;
    }

    /** The epoch that the call came from. */
    public TimelineEpoch attempted() {
        return attempted;
    }
}
