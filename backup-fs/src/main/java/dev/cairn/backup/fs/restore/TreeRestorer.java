package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.LiveTarget;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Stages a snapshot beside a live tree or file, and finds again what was staged.
 *
 * @param dataset the dataset's name
 * @param place the configured root
 * @param selection what belongs to the dataset
 */
public record TreeRestorer(String dataset, Path place, Selection selection) {

    /** Beside the content: names, attributes, the journal. */
    private static final long SPARE_BYTES = 1L << 20;

    /** Where the snapshot's entries go, refusing a file for a folder and the reverse. */
    TreeRoot target(DatasetReader snapshot, RestoreScope scope) throws IOException {
        boolean single = SnapshotTree.isSingleFile(snapshot);
        Path real = Places.resolved(place);
        refuseExcluded(single, scope);
        if (Files.exists(real, NOFOLLOW_LINKS) && Files.isDirectory(real, NOFOLLOW_LINKS) == single) {
            throw new SourceException(
                    dataset,
                    real
                            + (single
                                    ? " is a folder and the snapshot holds one file"
                                    : " is a file and the snapshot holds a folder"),
                    "Move it away and restore again",
                    null);
        }
        return single ? TreeRoot.file(real) : TreeRoot.tree(real, selection.within(scope.paths()));
    }

    private void refuseExcluded(boolean single, RestoreScope scope) {
        for (EntryPath path : scope.paths()) {
            if (!single && !selection.selects(path) && !selection.leadsThrough(path)) {
                throw new SourceException(
                        dataset,
                        "the path '" + path + "' is left out by the globs of the dataset",
                        "Ask for a path that belongs to the dataset, or include it",
                        null);
            }
        }
    }

    /** As {@link dev.cairn.backup.spi.Dataset#stage}. */
    public StagedRestore stage(DatasetReader snapshot, StageContext context, RestoreScope scope) {
        try {
            TreeRoot root = target(snapshot, scope);
            SnapshotTree tree = SnapshotTree.of(snapshot, root);
            SnapshotTree.Size size = tree.check();
            refuseMounts(root);
            checkSpace(root.folder(), size.bytes());
            return stage(root, key(root, context, scope, null), context, places -> {
                DurableFiles.createDirectories(places.stage());
                new TreeStager(tree, places.stage(), context.cancellation()).write();
            });
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Stages what an earlier restore has replaced.
     *
     * @param folder the folder that its trash lies in: the tree itself, or the one that the single file is in
     * @param writer puts it into the staging folder
     */
    StagedRestore stageAs(StageContext context, RestoreScope scope, Path folder, String from, Writer writer) {
        try {
            Path real = Places.resolved(place);
            TreeRoot root =
                    folder.equals(real) ? TreeRoot.tree(real, selection.within(scope.paths())) : TreeRoot.file(real);
            refuseMounts(root);
            return stage(root, key(root, context, scope, from), context, writer);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Fills the staging folder, whose parent is there. */
    @FunctionalInterface
    interface Writer {
        void write(StagingFolders places) throws IOException;
    }

    private StagedRestore stage(TreeRoot root, RestoreKey key, StageContext context, Writer writer) throws IOException {
        TreeRestore restore = new TreeRestore(dataset, key, selection);
        StagingFolders places = StagingFolders.of(key);
        refuseSwapped(places, context);
        try {
            OpenFolder.during(key.folder(), () -> write(places, writer));
            if (key.modified().isPresent()) {
                // The staging folder has changed the live folder's time, which is live data.
                AttributeWriter.setModified(
                        root.folder(), FileTime.from(key.modified().get()), false);
            }
            return restore;
        } catch (IOException | RuntimeException | Error e) {
            undo(restore, e);
            throw e;
        }
    }

    private StoreException failure(IOException e) {
        return DurableFiles.storeFailure("Staging a restore of dataset '" + dataset + "' in " + place, e);
    }

    private RestoreKey key(TreeRoot root, StageContext context, RestoreScope scope, @Nullable String from)
            throws IOException {
        Optional<byte[]> saved = context.load(RestoreKey.NAME);
        if (saved.isPresent()) {
            return RestoreKey.parse(saved.get(), Places.resolved(place));
        }
        int missing = countMissing(root.folder());
        Optional<Instant> modified = missing == 0
                ? Optional.of(Files.getLastModifiedTime(root.folder()).toInstant())
                : Optional.empty();
        RestoreKey key = RestoreKey.of(root, context.restoreId(), dataset, missing, modified, scope, from);
        context.save(RestoreKey.NAME, key.toJson());
        return key;
    }

    private static int countMissing(Path folder) {
        int missing = 0;
        for (Path above = folder; above != null && Files.notExists(above, NOFOLLOW_LINKS); above = above.getParent()) {
            missing++;
        }
        return missing;
    }

    private static void refuseSwapped(StagingFolders places, StageContext context) {
        if (Files.exists(places.journal(), NOFOLLOW_LINKS)) {
            throw new IllegalStateException(
                    "the restore '" + context.restoreId() + "' has begun to swap " + places.live());
        }
    }

    private static void write(StagingFolders places, Writer writer) throws IOException {
        DurableFiles.deleteTree(places.base());
        DurableFiles.createDirectories(places.base());
        writer.write(places);
        DurableFiles.forceDirectory(places.base());
        DurableFiles.forceDirectory(places.live());
    }

    private static void undo(TreeRestore restore, Throwable failure) {
        try {
            restore.rollback();
        } catch (BackupException e) {
            failure.addSuppressed(e);
        }
    }

    private void refuseMounts(TreeRoot root) {
        if (root.isFile() || !Files.isDirectory(root.folder())) {
            return;
        }
        TreeWalk walk = new TreeWalk(root, new LiveWalk(dataset));
        TreeNode start = walk.start();
        refuseMounts(walk, start, start.state().device());
    }

    private void refuseMounts(TreeWalk walk, TreeNode folder, long device) {
        if (folder.state().device() != device) {
            throw new SourceException(
                    dataset,
                    folder.file() + " is a mount point: a tree can only be swapped by renames within one file system",
                    "Exclude it here and declare it as a dataset of its own",
                    null);
        }
        walk.scan(folder);
        folder.folders().forEach(child -> refuseMounts(walk, child, device));
        folder.fill(List.of(), null); // A million nodes need not be kept for this.
    }

    /** As {@link dev.cairn.backup.spi.Dataset#liveTarget}; empty where nothing of the place can be looked at. */
    public Optional<LiveTarget> look() {
        Path real = Places.resolved(place);
        try {
            LiveTarget.Shape shape = !Files.exists(real, NOFOLLOW_LINKS)
                    ? LiveTarget.Shape.MISSING
                    : Files.isDirectory(real, NOFOLLOW_LINKS)
                            ? LiveTarget.Shape.FOLDER
                            : Files.isRegularFile(real, NOFOLLOW_LINKS)
                                    ? LiveTarget.Shape.FILE
                                    : LiveTarget.Shape.OTHER;
            OptionalLong usable = usable(real);
            return usable.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new LiveTarget(Places.locate(place), shape, usable.getAsLong(), SPARE_BYTES));
        } catch (IOException e) {
            return Optional.empty(); // Staging will say why.
        }
    }

    private static OptionalLong usable(Path folder) throws IOException {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing == null
                ? OptionalLong.empty()
                : OptionalLong.of(Files.getFileStore(existing).getUsableSpace());
    }

    private static void checkSpace(Path folder, long bytes) throws IOException {
        OptionalLong found = usable(folder);
        if (found.isEmpty()) {
            return;
        }
        long usable = found.getAsLong();
        if (bytes > usable - SPARE_BYTES) {
            throw new StoreException(
                    Reason.FULL,
                    "A restore into " + folder + " writes " + bytes + " bytes beside the live data, " + usable
                            + " are free",
                    "Free some space and restore again",
                    null);
        }
    }

    /** As {@link dev.cairn.backup.spi.Dataset#resume}. */
    public StagedRestore resume(StageContext context) {
        Optional<byte[]> saved = context.load(RestoreKey.NAME);
        return saved.isPresent()
                ? new TreeRestore(dataset, RestoreKey.parse(saved.get(), Places.resolved(place)), selection)
                : new NothingStaged();
    }
}
