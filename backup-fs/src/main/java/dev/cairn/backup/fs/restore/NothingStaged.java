package dev.cairn.backup.fs.restore;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.spi.StagedRestore;

/** A restore that died before it made anything: there is nothing to undo or to tidy. */
final class NothingStaged implements StagedRestore {

    @Override
    public void swap() {
        throw new StoreException(Reason.IO, "Nothing was staged", "Plan and restore again", null);
    }

    @Override
    public void rollback() {
        // Nothing was made.
    }

    @Override
    public void finish() {
        // Nothing was made.
    }
}
