package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The trash of a tree's restores: folders beside the live data, each the old tree as far as its restore was about it, with the journal of the swap inside. Because everything that a restore
 * replaces is moved there, also what was equal, the folder is a whole image, and to bring it back it is renamed to be the staging of a new restore.
 *
 * @param restorer of the tree
 */
public record TreeTrash(TreeRestorer restorer) implements DatasetTrash {

    @Override
    public OptionalLong bytes(OldData old) {
        Path place = place(old);
        if (!Files.isDirectory(place, NOFOLLOW_LINKS)) {
            return OptionalLong.empty();
        }
        Sum sum = new Sum();
        try {
            Files.walkFileTree(place, sum);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Measuring the trash in " + place, e);
        }
        return OptionalLong.of(sum.bytes);
    }

    @Override
    public StagedRestore stage(OldData old, StageContext context) {
        Path place = place(old);
        try {
            SwapJournal journal = SwapJournal.read(StagingFolders.journalIn(place));
            if (journal == null || journal.scope().overlay()) {
                throw new StoreException(
                        Reason.IO,
                        place + " is not the whole of what a restore replaced",
                        "Restore the safety snapshot, or take what you need from there by hand",
                        null);
            }
            return restorer.stageAs(context, journal.scope(), folderOf(place), suffix(place), staging -> {
                DurableFiles.moveAtomically(place, staging.stage());
                giveBackRights(staging.stage(), journal);
            });
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Bringing back " + place, e);
        }
    }

    /** Folders that the restore had left in their places are in the trash as mere names. */
    private static void giveBackRights(Path stage, SwapJournal journal) throws IOException {
        AttributeWriter attributes = new AttributeWriter(stage.getFileSystem());
        List<SwapJournal.Folder> inwards = new ArrayList<>(journal.folders());
        Collections.reverse(inwards);
        for (SwapJournal.Folder folder : inwards) {
            attributes.apply(StagingFolders.in(stage, folder.path()), folder.old(), false);
        }
    }

    @Override
    public void remove(OldData old) {
        Path place = place(old);
        Path live = folderOf(place);
        StagingFolders places = new StagingFolders(live, suffix(place));
        try {
            FileIo.call(() -> {
                remove(places);
                return places;
            });
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Removing the trash in " + place, e);
        }
    }

    /** Renamed first: half of an old tree must never be taken for one that can be brought back. */
    private static void remove(StagingFolders places) throws IOException {
        if (!Files.isDirectory(places.live(), NOFOLLOW_LINKS)) {
            return;
        }
        FileTime before = Files.getLastModifiedTime(places.live());
        OpenFolder.during(places.live(), () -> {
            DurableFiles.deleteTree(places.done());
            if (Files.isDirectory(places.keptTrash(), NOFOLLOW_LINKS)) {
                DurableFiles.moveAtomically(places.keptTrash(), places.done());
                DurableFiles.deleteTree(places.done());
            }
            DurableFiles.forceDirectory(places.live());
        });
        // The folder's time is live data.
        AttributeWriter.setModified(places.live(), before, false);
    }

    /** Where the record says or, if a volume was mounted elsewhere meanwhile, where the dataset is now. */
    private Path place(OldData old) {
        Path recorded = restorer.place().getFileSystem().getPath(old.place());
        String name = String.valueOf(recorded.getFileName());
        if (!name.startsWith(StagingFolders.TRASH) || !name.endsWith("~" + restorer.dataset())) {
            throw new InvalidValueException(
                    "trash of dataset '" + restorer.dataset() + "'",
                    old.place(),
                    "a folder " + StagingFolders.TRASH + "<restore>~" + restorer.dataset());
        }
        Path now = Places.resolved(restorer.place());
        return Stream.of(recorded, now.resolve(name), now.resolveSibling(name))
                .filter(place -> Files.isDirectory(place, NOFOLLOW_LINKS))
                .findFirst()
                .orElse(recorded);
    }

    private static Path folderOf(Path place) {
        Path folder = place.getParent();
        if (folder == null) {
            throw new InvalidValueException("trash", place, "a folder beside live data");
        }
        return folder;
    }

    private static String suffix(Path place) {
        return String.valueOf(place.getFileName()).substring(StagingFolders.TRASH.length());
    }

    private static final class Sum extends SimpleFileVisitor<Path> {

        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()
                    && !String.valueOf(file.getFileName()).equals(StagingFolders.JOURNAL)) {
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }
}
