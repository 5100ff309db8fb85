package dev.cairn.backup.spi;

import java.util.OptionalLong;

/** What restores of a dataset put aside, from which the state before one can be brought back without a repository. One call at a time. */
public interface DatasetTrash {

    /** How much lies there; empty if it is there no more. Takes time in proportion to the number of files. */
    OptionalLong bytes(OldData old);

    /**
     * Makes ready what lies there to be swapped in, as {@link Dataset#stage} does for a snapshot. Whether it is copied or moved, {@link StagedRestore#rollback} leaves it where it was, and
     * {@link Dataset#resume} finds the restore again after a crash.
     *
     * @throws dev.cairn.backup.BackupException if it cannot be done; it lies where it was
     */
    StagedRestore stage(OldData old, StageContext context);

    /** Removes it. Idempotent, also after a crash in the middle; what is there no more is removed. */
    void remove(OldData old);
}
