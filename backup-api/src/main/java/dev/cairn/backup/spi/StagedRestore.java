package dev.cairn.backup.spi;

import java.util.Optional;

/**
 * Data that is written and verified beside its target. Each method may be called again after it failed or the process died, in any
 * process, through {@link Dataset#resume}; it then does what is left to do.
 */
public interface StagedRestore {

    /**
     * Makes the staged data live and keeps the old data as trash. When it returns the change survives a power cut.
     *
     * <p>After a failure the target is old, new or, for a tree, partly swapped with a journal that tells which part; {@link #rollback}
     * leads back from each. No old or new byte is lost.
     *
     * @throws dev.cairn.backup.DatasetInUseException if something still uses the target; nothing was changed
     */
    void swap();

    /** Makes the old data live again, whatever had been swapped, and removes the staged data. Durable when it returns. */
    void rollback();

    /**
     * Ends a restore that has succeeded: staging is removed, the old data stays as recoverable trash. Called only after {@link #swap} returned.
     */
    void finish();

    /**
     * What {@link #swap} has put aside, once it has returned: before or after {@link #finish}, and found again through {@link Dataset#resume}. Empty if nothing was, or if the dataset brings
     * nothing back from it.
     */
    default Optional<OldData> oldData() {
        return Optional.empty();
    }
}
