package dev.cairn.backup.fs.restore;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.restore.SwapJournal.Folder;
import dev.cairn.backup.fs.restore.SwapJournal.Move;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.Modes;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.spi.EntryAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/**
 * The moves of a swap and back. Each direction has two passes with a force between them: first everything leaves the live folder, then everything enters
 * it. Within a pass no name is both left and taken, so that a power cut may keep any part of its renames; and no rename can have replaced what another,
 * lost one should have put aside.
 */
final class TreeSwap {

    private static final int OWNER = 0700;

    private final StagingFolders places;
    private final SwapJournal journal;
    private final StateReader states;
    private final AttributeWriter attributes;

    TreeSwap(StagingFolders places, SwapJournal journal) {
        this.places = places;
        this.journal = journal;
        this.states = new StateReader(places.live().getFileSystem());
        this.attributes = new AttributeWriter(places.live().getFileSystem());
    }

    void forward() throws IOException {
        openFolders();
        for (Move move : journal.moves()) {
            // What is not in the staging any more is live; then nothing of the old is, however much a link may look
            // like it.
            boolean waiting = !move.fresh() || isPresent(stage(move));
            if (move.old() && waiting && isPresent(trash(move))) {
                dropIfSame(live(move), trash(move));
            } else if (move.old() && waiting && isPresent(live(move))) {
                rename(live(move), trash(move));
            }
        }
        force(places.trash());
        force(places.live());
        for (Move move : journal.moves()) {
            if (move.fresh() && isPresent(stage(move)) && !dropIfSame(stage(move), live(move))) {
                refuseTaken(live(move));
                rename(stage(move), live(move));
            }
        }
        force(places.live());
        force(places.stage());
        settle(true);
    }

    void back() throws IOException {
        openFolders();
        for (Move move : journal.moves()) {
            // The new moved in only after the old had safely left: while the old is not in the trash it is what is
            // live,
            // however much a link may look like the staged one.
            boolean replaced = !move.old() || isPresent(trash(move));
            if (move.fresh() && replaced && isPresent(stage(move))) {
                dropIfSame(live(move), stage(move));
            } else if (move.fresh() && replaced && isPresent(live(move))) {
                rename(live(move), stage(move));
            }
        }
        force(places.stage());
        force(places.live());
        for (Move move : journal.moves()) {
            if (move.old() && isPresent(trash(move)) && !dropIfSame(trash(move), live(move))) {
                refuseTaken(live(move));
                rename(trash(move), live(move));
            }
        }
        force(places.live());
        force(places.trash());
        settle(false);
    }

    private Path live(Move move) {
        return StagingFolders.in(places.live(), move.path());
    }

    private Path stage(Move move) {
        return StagingFolders.in(places.stage(), move.path());
    }

    private Path trash(Move move) {
        return StagingFolders.in(places.trash(), move.path());
    }

    /** Folders that stay must let their content change; their modes are in the journal and come back in {@link #settle}. */
    private void openFolders() throws IOException {
        for (Folder folder : journal.folders()) {
            refuseOther(StagingFolders.in(places.live(), folder.path()));
            grantOwner(StagingFolders.in(places.live(), folder.path()));
            DurableFiles.createDirectories(StagingFolders.in(places.trash(), folder.path()));
            if (folder.staged()) {
                grantOwner(StagingFolders.in(places.stage(), folder.path()));
            }
        }
    }

    /** The journal names folders by path: through a link in the place of one, all would be moved in and out of another tree. */
    private void refuseOther(Path folder) throws IOException {
        if (!states.read(folder).isDirectory()) {
            throw new StoreException(
                    Reason.IO,
                    folder + " is no folder any more, since a restore began to change what is in it",
                    "Put the folder back and let the restore end again",
                    null);
        }
    }

    private void grantOwner(Path folder) throws IOException {
        int mode = states.read(folder).mode();
        if (mode >= 0 && (mode & OWNER) != OWNER) {
            Files.setPosixFilePermissions(folder, Modes.permissions(mode | OWNER));
        }
    }

    private void force(Path side) throws IOException {
        for (Folder folder : journal.folders()) {
            if (!side.equals(places.stage()) || folder.staged()) {
                DurableFiles.forceDirectory(StagingFolders.in(side, folder.path()));
            }
        }
    }

    private void settle(boolean fresh) throws IOException {
        for (int i = journal.folders().size() - 1; i >= 0; i--) {
            Folder folder = journal.folders().get(i);
            EntryAttributes wanted = fresh ? afterSwap(folder) : folder.old();
            Path place = StagingFolders.in(places.live(), folder.path());
            attributes.apply(place, wanted, false);
            if (Files.isReadable(place)) {
                DurableFiles.forceDirectory(place);
            }
        }
    }

    /** A folder that is not the dataset's keeps its rights, which {@link #openFolders} may have widened, and its new time. */
    private static EntryAttributes afterSwap(Folder folder) {
        EntryAttributes fresh = folder.fresh();
        if (fresh != null) {
            return fresh;
        }
        OptionalInt mode = folder.old().mode();
        return new EntryAttributes(
                java.util.Optional.empty(),
                mode,
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty());
    }

    /** Moving a folder rewrites its {@code ..}, which needs the right to write it; its mode is put back at once. */
    private void rename(Path from, Path to) throws IOException {
        FileState state = states.read(from);
        if (!state.isDirectory() || state.mode() < 0 || (state.mode() & OWNER) == OWNER) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        grantOwner(from);
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Path place = isPresent(to) ? to : from;
            Files.setPosixFilePermissions(place, Modes.permissions(state.mode()));
        }
    }

    /**
     * A power cut may leave a file that was renamed into another folder under both names (POSIX promises only that it is at one of them at least), and a
     * rename between two names of one file does nothing (rename(2)).
     */
    private boolean dropIfSame(Path surplus, Path kept) throws IOException {
        boolean same = isSame(surplus, kept);
        if (same) {
            Files.delete(surplus);
        }
        return same;
    }

    private boolean isSame(Path a, Path b) throws IOException {
        if (!isPresent(a) || !isPresent(b)) {
            return false;
        }
        FileState one = states.read(a);
        FileState other = states.read(b);
        if (one.kind() == FileState.Kind.SYMLINK && other.kind() == FileState.Kind.SYMLINK) {
            // Not every file system can keep one inode for a link under two names; with one target they mean the same.
            return Files.readSymbolicLink(a).equals(Files.readSymbolicLink(b));
        }
        return one.key() != null && one.isSameFile(other);
    }

    private void refuseTaken(Path place) throws IOException {
        if (isPresent(place)) {
            throw new StoreException(
                    Reason.IO,
                    place + " appeared while a restore was under way",
                    "Stop what writes there, move it away and let the restore end again",
                    null);
        }
    }

    private boolean isPresent(Path file) throws IOException {
        try {
            states.read(file);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
