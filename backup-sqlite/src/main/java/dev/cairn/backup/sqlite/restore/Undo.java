package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the old database live again, from whichever step the swap or an earlier undoing came to. What was written to the restored
 * database meanwhile is given up; what was ever committed to the old one is there.
 */
final class Undo {

    private final DatabaseSettings settings;
    private final SwapJournal journal;
    private final Consumer<SwapStep> done;
    private final DatabaseFiles live;
    private final DatabaseFiles aside;

    Undo(DatabaseSettings settings, SwapJournal journal, Consumer<SwapStep> done) {
        this.settings = settings;
        this.journal = journal;
        this.done = done;
        this.live = journal.liveFiles();
        this.aside = journal.asideFiles();
    }

    /**
     * Undoes the swap.
     *
     * @param swapped whether the restored file is the live one
     * @throws DatasetInUseException if somebody has the restored database open: he would go on writing to a file without a name
     */
    void run(boolean swapped) throws IOException {
        if (swapped) {
            removeRestored();
        } else if (aside.exists()) {
            if (!live.exists()) {
                DurableFiles.moveAtomically(aside.main(), live.main());
            } else if (Files.isSameFile(aside.main(), live.main())) {
                // Two names of one file: rename(2) would do nothing and keep both.
                DurableFiles.deleteDurably(aside.main());
            }
        }
        done.accept(SwapStep.UNDO_RENAMED);
        // After the main file, never before: an old log beside a new main file would be replayed into it.
        Sidecars.move(aside, live);
        done.accept(SwapStep.UNDO_SIDECARS);
    }

    private void removeRestored() throws IOException {
        if (journal.replaces() && !aside.exists()) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    aside.main() + " is missing; the restored " + live.main() + " stays, for it may be the only one",
                    "Put the old database back under that name, or move the restored one away, and roll back again",
                    null);
        }
        OpenElsewhere.refuse(settings.name(), live.main(), live.main(), 0);
        Optional<ExclusiveLock> lock = ExclusiveLock.ofLive(settings, live);
        try {
            OpenElsewhere.refuse(settings.name(), live.main(), live.main(), lock.isPresent() ? 1 : 0);
            if (lock.isPresent()) {
                lock.get().checkpoint();
            }
            DurableFiles.deleteDurably(live.wal());
            DurableFiles.deleteDurably(live.shm());
            DurableFiles.deleteDurably(live.journal());
            done.accept(SwapStep.UNDO_CLEARED);
            if (java.io.File.separatorChar != '/') {
                lock.ifPresent(ExclusiveLock::close);
            }
            if (aside.exists()) {
                DurableFiles.moveAtomically(aside.main(), live.main());
            } else {
                DurableFiles.deleteDurably(live.main());
            }
        } finally {
            lock.ifPresent(ExclusiveLock::close);
        }
    }
}
