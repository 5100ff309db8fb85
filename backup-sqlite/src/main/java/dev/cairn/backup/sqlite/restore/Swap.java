package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the staged database live. The order of the steps is what keeps every commit:
 *
 * <ol>
 *   <li>Lock the old and the staged database (see {@link ExclusiveLock}) and look for connections without a lock. Whoever opens either file from here
 *       on gets SQLITE_BUSY until the end.
 *   <li>Checkpoint, so that the old main file is complete by itself and its {@code -wal} empty. Only if it is too damaged for that, its
 *       {@code -wal} and {@code -journal} are given the dated name now: they must never lie beside the new main file, into which SQLite would
 *       replay them. A crash from here until the rename leaves a damaged database without its log; recovery puts it back.
 *   <li>Give the old main file its dated name as a second link. The live name is never vacant: a host that opened it then would make an empty database.
 *   <li>Rename the staged file over the live name: the instant of the swap. Whoever came to the old file between the first look and now is
 *       waiting at its lock; a second look finds him, and the swap is taken back before the lock is let go.
 *   <li>Remove the empty {@code -wal} and what else has the live name, still under the new file's lock, then unlock.
 * </ol>
 *
 * A crash after any step leaves the live name with the old database or the new, whole, and with no log of the other. Windows renames no open file, so
 * there the locks are let go before step 3; its refusal to rename a file that somebody opened meanwhile takes the place of the second look.
 */
final class Swap {

    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);
    private static final boolean RENAMES_OPEN_FILES = File.separatorChar == '/';

    private final DatabaseSettings settings;
    private final SwapJournal journal;
    private final Consumer<SwapStep> done;
    private final DatabaseFiles live;
    private final DatabaseFiles aside;

    Swap(DatabaseSettings settings, SwapJournal journal, Consumer<SwapStep> done) {
        this.settings = settings;
        this.journal = journal;
        this.done = done;
        this.live = journal.liveFiles();
        this.aside = journal.asideFiles();
    }

    /**
     * Swaps, from wherever an earlier call ended.
     *
     * @throws DatasetInUseException if somebody has the live database open; nothing is changed
     */
    void run() throws IOException {
        if (!DurableFiles.exists(journal.stagedFile())) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    journal.staged() + " is missing, the live database is the old one",
                    "Roll the restore back and start it again",
                    null);
        }
        boolean present = live.exists();
        if (present) {
            OpenElsewhere.refuse(settings.name(), live.main(), live.main(), 0);
        }
        try (ExclusiveLock fresh = lockStaged();
                Held old = new Held(present ? ExclusiveLock.ofLive(settings, live) : Optional.empty())) {
            if (present) {
                OpenElsewhere.refuse(settings.name(), live.main(), live.main(), old.descriptors());
            }
            done.accept(SwapStep.LOCKED);
            if (present) {
                replace(old, fresh);
            } else {
                // A log without its database: of no use to anybody, and poison for the new one.
                sidecarsAside();
                DurableFiles.moveAtomically(journal.stagedFile(), live.main());
                done.accept(SwapStep.RENAMED);
            }
            clear();
        }
    }

    /** Removes what has the live name but is not the main file; the new file's lock keeps others from making theirs. */
    private void clear() throws IOException {
        DurableFiles.deleteDurably(live.wal());
        DurableFiles.deleteDurably(live.shm());
        DurableFiles.deleteDurably(live.journal());
        done.accept(SwapStep.CLEARED);
    }

    private void replace(Held old, ExclusiveLock fresh) throws IOException {
        boolean complete = old.checkpoint();
        done.accept(SwapStep.CHECKPOINTED);
        if (!complete) {
            sidecarsAside();
            done.accept(SwapStep.SIDECARS_ASIDE);
        }
        if (!RENAMES_OPEN_FILES) {
            old.close();
            fresh.close();
        }
        linkAside();
        done.accept(SwapStep.LINKED);
        DurableFiles.moveAtomically(journal.stagedFile(), live.main());
        done.accept(SwapStep.RENAMED);
        takeBackIfSomebodyCame(old.descriptors());
    }

    private void linkAside() throws IOException {
        if (aside.exists() && Files.isSameFile(aside.main(), live.main())) {
            return; // an earlier call came this far
        }
        try {
            Files.createLink(aside.main(), live.main());
            DurableFiles.forceDirectory(live.folder());
        } catch (FileAlreadyExistsException e) {
            throw e; // never overwrite what an operator put there meanwhile
        } catch (UnsupportedOperationException | FileSystemException e) {
            // FAT and some network file systems have no hard links. The live name is then vacant for an instant.
            LOG.debug("No hard link in {}", live.folder(), e);
            DurableFiles.moveAtomically(live.main(), aside.main());
        }
    }

    private void takeBackIfSomebodyCame(int ours) throws IOException {
        try {
            OpenElsewhere.refuse(settings.name(), live.main(), aside.main(), ours);
        } catch (DatasetInUseException e) {
            Files.createLink(journal.stagedFile(), live.main());
            DurableFiles.forceDirectory(journal.stagingFolder());
            DurableFiles.moveAtomically(aside.main(), live.main());
            Sidecars.move(aside, live);
            throw e;
        }
    }

    private void sidecarsAside() throws IOException {
        Sidecars.move(live, aside);
        // Only an index of the log: it is made anew for whoever opens the set under its new name.
        DurableFiles.deleteDurably(live.shm());
    }

    private ExclusiveLock lockStaged() {
        return ExclusiveLock.acquire(settings, journal.stagedFile())
                .orElseThrow(
                        () -> new IllegalStateException(journal.staged() + " was verified and is no database now"));
    }

    /** The old database's lock, if it is sound enough to have one. */
    private record Held(Optional<ExclusiveLock> lock) implements AutoCloseable {

        int descriptors() {
            return lock.isPresent() ? 1 : 0;
        }

        boolean checkpoint() throws IOException {
            return lock.isPresent() && lock.get().checkpoint();
        }

        @Override
        public void close() {
            lock.ifPresent(ExclusiveLock::close);
        }
    }
}
