package dev.cairn.backup.fs.restore;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A staged tree. What is left to do is read from the disk at each call: the staging folder is there until the restore has ended, its journal from just
 * before the first move. Renaming the staging folder is the one step that ends the restore; what comes after it is tidying.
 */
final class TreeRestore implements StagedRestore {

    private final String dataset;
    private final RestoreKey key;
    private final Selection selection;
    private final StagingFolders places;

    TreeRestore(String dataset, RestoreKey key, Selection selection) {
        this.dataset = dataset;
        this.key = key;
        this.selection = selection;
        this.places = StagingFolders.of(key);
    }

    @Override
    public void swap() {
        run("Swapping", () -> {
            if (!DurableFiles.isDirectory(places.base())) {
                throw new StoreException(
                        Reason.IO, "Nothing is staged in " + places.base(), "Plan and restore again", null);
            }
            SwapJournal journal = SwapJournal.read(places.journal());
            if (journal == null) {
                journal = new SwapPlanner(dataset, root(), places.live(), places.stage(), key.scope()).plan();
                journal.write(places.journal());
            }
            new TreeSwap(places, journal).forward();
        });
    }

    private TreeRoot root() {
        String fileName = key.fileName();
        return fileName == null
                ? TreeRoot.tree(key.folder(), selection.within(key.scope().paths()))
                : TreeRoot.file(key.folder().resolve(fileName));
    }

    @Override
    public void rollback() {
        run("Rolling back", () -> {
            if (!DurableFiles.isDirectory(places.live())) {
                removeMadeFolders();
                return;
            }
            if (DurableFiles.isDirectory(places.base())) {
                SwapJournal journal = SwapJournal.read(places.journal());
                if (journal != null) {
                    new TreeSwap(places, journal).back();
                }
                OpenFolder.during(places.live(), this::giveBack);
            }
            OpenFolder.during(places.live(), this::end);
            // Not the journal's: staging had changed the folder's time before that was written.
            restoreTime(key.modified());
            removeMadeFolders();
        });
    }

    @Override
    public void finish() {
        run("Finishing", () -> {
            Optional<Instant> modified = Optional.empty();
            if (DurableFiles.isDirectory(places.base())) {
                SwapJournal journal = SwapJournal.read(places.journal());
                if (journal == null) {
                    throw new StoreException(
                            Reason.IO,
                            "The restore in " + places.base() + " was never swapped",
                            "Roll it back, or swap it first",
                            null);
                }
                modified = Optional.ofNullable(journal.folders().get(0).fresh()).flatMap(fresh -> fresh.modified());
                OpenFolder.during(places.live(), () -> keepTrash(journal));
            }
            OpenFolder.during(places.live(), () -> {
                end();
                removeOlder();
            });
            restoreTime(modified);
        });
    }

    /** What was to be brought back from the trash lies there again. */
    private void giveBack() throws IOException {
        String from = key.from();
        if (from != null && DurableFiles.isDirectory(places.stage())) {
            Path trash = new StagingFolders(places.live(), from).keptTrash();
            // A folder of a staging that was begun and not filled yet is no image.
            if (!DurableFiles.isDirectory(trash)) {
                DurableFiles.moveAtomically(places.stage(), trash);
            }
        }
    }

    @Override
    public Optional<OldData> oldData() {
        String place = places.keptTrash().toString();
        OldData kept = key.scope().overlay() ? OldData.partAt(place) : OldData.at(place);
        try {
            if (DurableFiles.isDirectory(places.keptTrash())) {
                return Optional.of(kept);
            }
            SwapJournal journal = SwapJournal.read(places.journal());
            return journal != null && keepsAnything(journal) ? Optional.of(kept) : Optional.empty();
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Looking at the trash in " + places.base(), e);
        }
    }

    private static boolean keepsAnything(SwapJournal journal) {
        return journal.moves().stream().anyMatch(SwapJournal.Move::old);
    }

    private void keepTrash(SwapJournal journal) throws IOException {
        if (keepsAnything(journal) && DurableFiles.isDirectory(places.trash())) {
            journal.write(StagingFolders.journalIn(places.trash()));
            DurableFiles.moveAtomically(places.trash(), places.keptTrash());
        }
    }

    private void end() throws IOException {
        if (DurableFiles.isDirectory(places.base())) {
            DurableFiles.deleteTree(places.done());
            DurableFiles.moveAtomically(places.base(), places.done());
        }
        DurableFiles.deleteTree(places.done());
        DurableFiles.forceDirectory(places.live());
    }

    /** Remains of ended restores of the same dataset that a power cut has brought back. */
    private void removeOlder() throws IOException {
        List<Path> older = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(places.live(), StagingFolders.DONE + "*")) {
            for (Path entry : entries) {
                if (String.valueOf(entry.getFileName()).endsWith("~" + dataset)) {
                    older.add(entry);
                }
            }
        }
        for (Path remains : older) {
            DurableFiles.deleteTree(remains);
        }
        if (!older.isEmpty()) {
            DurableFiles.forceDirectory(places.live());
        }
    }

    private void restoreTime(Optional<Instant> modified) throws IOException {
        if (modified.isPresent() && DurableFiles.isDirectory(places.live())) {
            AttributeWriter.setModified(places.live(), FileTime.from(modified.get()), false);
        }
    }

    private void removeMadeFolders() throws IOException {
        Path folder = places.live();
        for (int left = key.made(); left > 0 && folder != null; left--) {
            if (!DurableFiles.deleteIfEmpty(folder)) {
                return;
            }
            folder = folder.getParent();
        }
        if (key.made() > 0 && folder != null) {
            DurableFiles.forceDirectory(folder);
        }
    }

    private void run(String what, Step step) {
        try {
            FileIo.call(() -> {
                step.run();
                return places;
            });
        } catch (IOException e) {
            throw DurableFiles.storeFailure(what + " the restore of dataset '" + dataset + "' in " + places.live(), e);
        }
    }

    private interface Step {
        void run() throws IOException;
    }
}
