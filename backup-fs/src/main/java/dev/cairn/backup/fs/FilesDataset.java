package dev.cairn.backup.fs;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.capture.BarrierCapture;
import dev.cairn.backup.fs.capture.CaptureSpec;
import dev.cairn.backup.fs.capture.CutCapture;
import dev.cairn.backup.fs.capture.FuzzyCapture;
import dev.cairn.backup.fs.capture.HotPaths;
import dev.cairn.backup.fs.capture.SnapshotCapture;
import dev.cairn.backup.fs.capture.SnapshotPlace;
import dev.cairn.backup.fs.restore.TreeComparison;
import dev.cairn.backup.fs.restore.TreeRestorer;
import dev.cairn.backup.fs.restore.TreeTrash;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.LiveTarget;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tree of files, or one file. Immutable: each setting gives a copy. Safe for many threads, one capture or restore at a time.
 *
 * <p>Kept are folders, files with their holes, symbolic links (never followed), hard links within the tree, times, rights and owners. Pipes, sockets
 * and devices are left out with a warning. SQLite databases, told by their names, are refused and never opened: declare them as their own
 * dataset and exclude them here. So is a name that is no text in the platform's encoding. Names that begin with {@code .cairn-} are never part of a dataset,
 * nor are the old databases that restores of a {@code SqliteDataset} keep beside the new ones: {@code <stem>-before-<yyyyMMdd-HHmmss>.<ext>} and
 * {@code <stem>-corrupt-…}, with their logs, where {@code <stem>.<ext>} has a database's name or is excluded. They are neither captured nor
 * touched by a restore.
 *
 * <p>A restore writes into {@code .cairn-<restore id>~<name>} in the root (for one file: beside it) and moves it in by renames; what the globs leave out
 * stays untouched. The old data stays in {@code .cairn-trash-<restore id>~<name>} until
 * it is removed as {@code CairnBuilder.trashRetention} says. Whoever may write in the tree is trusted
 * as much as this process: links found in it are not followed, but somebody who replaces folders by links at the very moment of a move can lead it astray. A nested mount point is refused.
 */
public final class FilesDataset implements Dataset {

    /** The default of {@link #inBarrierLimit}: 1 MiB. */
    public static final long DEFAULT_IN_BARRIER_LIMIT = 1L << 20;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}");

    private final String name;
    private final Path root;
    private final Consistency consistency;
    private final Selection selection;
    private final boolean optional;
    private final long inBarrierLimit;
    private final @Nullable SnapshotPlace snapshotPlace;
    private final HotPaths hot = new HotPaths();

    private FilesDataset(
            String name,
            Path root,
            Consistency consistency,
            Selection selection,
            boolean optional,
            long inBarrierLimit,
            @Nullable SnapshotPlace snapshotPlace) {
        this.name = name;
        this.root = root;
        this.consistency = consistency;
        this.selection = selection;
        this.optional = optional;
        this.inBarrierLimit = inBarrierLimit;
        this.snapshotPlace = snapshotPlace;
    }

    /**
     * A dataset of all that is in a folder, or of one file, with consistency {@link Consistency#FUZZY}. Touches nothing.
     *
     * @param name 1 to 64 characters of {@code a-z A-Z 0-9 . _ -}, not beginning with a dot; unique in a host and never changed
     * @param root the folder or the file
     * @throws InvalidValueException if the name is not allowed
     */
    public static FilesDataset of(String name, Path root) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidValueException(
                    "dataset name", name, "1 to 64 characters of a-z A-Z 0-9 . _ -, not beginning with a dot");
        }
        return new FilesDataset(
                name,
                root.toAbsolutePath().normalize(),
                Consistency.FUZZY,
                Selection.ALL,
                false,
                DEFAULT_IN_BARRIER_LIMIT,
                null);
    }

    /**
     * How the files are written. {@link Consistency#FS_SNAPSHOT} is set by {@link #fsSnapshot}.
     *
     * @throws InvalidValueException for {@code FS_SNAPSHOT} when no way to take one was given
     */
    public FilesDataset consistency(Consistency declared) {
        if (declared == Consistency.FS_SNAPSHOT && snapshotPlace == null) {
            throw new InvalidValueException(
                    "consistency", declared, "any other; FS_SNAPSHOT is declared by fsSnapshot(take, release)");
        }
        return new FilesDataset(name, root, declared, selection, optional, inBarrierLimit, snapshotPlace);
    }

    /**
     * Restricts the dataset to the paths that one of the globs covers; further calls add more. Globs are relative to the root with {@code /} on every
     * platform; {@code *.log} is the top level only, {@code **}{@code /*.log} any level; one that matches a folder covers all in it.
     *
     * @throws InvalidValueException if one cannot be a pattern
     */
    public FilesDataset include(String... globs) {
        return new FilesDataset(
                name, root, consistency, selection.including(globs), optional, inBarrierLimit, snapshotPlace);
    }

    /**
     * Leaves out the paths that one of the globs covers, also if an include covers them. They are neither captured nor touched by a restore.
     *
     * @throws InvalidValueException if one cannot be a pattern
     */
    public FilesDataset exclude(String... globs) {
        return new FilesDataset(
                name, root, consistency, selection.excluding(globs), optional, inBarrierLimit, snapshotPlace);
    }

    /** Lets the root be missing when a snapshot is taken. */
    public FilesDataset optional() {
        return new FilesDataset(name, root, consistency, selection, true, inBarrierLimit, snapshotPlace);
    }

    /**
     * The most that {@link Consistency#IN_BARRIER} reads while the host waits.
     *
     * @param bytes 0 to 1 GiB; 1 MiB by default
     */
    public FilesDataset inBarrierLimit(long bytes) {
        if (bytes < 0 || bytes > 1L << 30) {
            throw new InvalidValueException("in-barrier limit", bytes, "0 to 1073741824 bytes");
        }
        return new FilesDataset(name, root, consistency, selection, optional, bytes, snapshotPlace);
    }

    /**
     * Declares {@link Consistency#FS_SNAPSHOT}.
     *
     * @param takeInBarrier takes the snapshot, on the barrier's thread, and tells where the dataset's root is in it
     * @param release gets that path once, when it has been read or the snapshot failed; any thread
     */
    public FilesDataset fsSnapshot(Supplier<Path> takeInBarrier, Consumer<Path> release) {
        return new FilesDataset(
                name,
                root,
                Consistency.FS_SNAPSHOT,
                selection,
                optional,
                inBarrierLimit,
                new SnapshotPlace(takeInBarrier, release));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "files";
    }

    @Override
    public Optional<Location> location() {
        return Optional.of(Places.locate(root));
    }

    @Override
    public boolean isOptional() {
        return optional;
    }

    /** The declared consistency. */
    public Consistency consistency() {
        return consistency;
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        Optional<TreeRoot> found = find();
        if (found.isEmpty()) {
            if (optional) {
                return Optional.empty();
            }
            throw new SourceException(
                    name,
                    root + " does not exist",
                    "Create it, correct the path, or declare the dataset optional()",
                    null);
        }
        CaptureSpec spec = new CaptureSpec(name, consistency, root, found.get(), inBarrierLimit, hot, context);
        return Optional.of(prepared(spec));
    }

    private PreparedCapture prepared(CaptureSpec spec) {
        return switch (consistency) {
            case IMMUTABLE, APPEND_ONLY -> CutCapture.prepare(spec);
            case IN_BARRIER -> BarrierCapture.prepare(spec);
            case FUZZY -> FuzzyCapture.prepare(spec);
            case FS_SNAPSHOT -> {
                if (snapshotPlace == null) {
                    throw new IllegalStateException("consistency() lets nobody declare it without");
                }
                yield SnapshotCapture.prepare(spec, snapshotPlace, SnapshotCapture.finder(name, selection));
            }
        };
    }

    private Optional<TreeRoot> find() {
        try {
            return TreeRoot.find(root, selection);
        } catch (IOException e) {
            throw new SourceException(
                    name, root + " cannot be read: " + e, "Give this process the right to read it", e);
        }
    }

    @Override
    public boolean restoresPaths() {
        return true;
    }

    @Override
    public Optional<LiveTarget> liveTarget() {
        return restorer().look();
    }

    @Override
    public Optional<DatasetTrash> trash() {
        return Optional.of(new TreeTrash(restorer()));
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return compare(snapshot, RestoreScope.WHOLE);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot, RestoreScope scope) {
        return TreeComparison.compare(restorer(), snapshot, scope);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return stage(snapshot, context, RestoreScope.WHOLE);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context, RestoreScope scope) {
        return restorer().stage(snapshot, context, scope);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return restorer().resume(context);
    }

    /** {@inheritDoc} It has the consistency {@link Consistency#FUZZY}: nobody writes there. */
    @Override
    public Optional<Dataset> isolated(Path folder) {
        Path target = folder.resolve(root.getFileName() == null ? name : String.valueOf(root.getFileName()));
        return Optional.of(new FilesDataset(
                name,
                target.toAbsolutePath().normalize(),
                Consistency.FUZZY,
                selection,
                optional,
                inBarrierLimit,
                null));
    }

    @Override
    public List<String> differences(DatasetReader snapshot) {
        return TreeComparison.differences(restorer(), snapshot);
    }

    private TreeRestorer restorer() {
        return new TreeRestorer(name, root, selection);
    }

    @Override
    public String toString() {
        return "FilesDataset " + name + " at " + root + " (" + consistency + ")";
    }
}
