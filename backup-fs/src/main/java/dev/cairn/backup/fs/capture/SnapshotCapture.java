package dev.cairn.backup.fs.capture;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** FS_SNAPSHOT: the host's snapshot is taken inside the barrier and read after it. */
public final class SnapshotCapture implements PreparedCapture {

    private final CaptureSpec spec;
    private final SnapshotPlace place;
    private final Function<Path, TreeRoot> found;
    private final @Nullable String identity;

    private SnapshotCapture(
            CaptureSpec spec, SnapshotPlace place, Function<Path, TreeRoot> found, @Nullable String identity) {
        this.spec = spec;
        this.place = place;
        this.found = found;
        this.identity = identity;
    }

    /**
     * @param spec the capture of the live root, whose identity is kept
     * @param place how the snapshot is taken
     * @param root how the root is found in the snapshot
     */
    public static SnapshotCapture prepare(CaptureSpec spec, SnapshotPlace place, Function<Path, TreeRoot> root) {
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        return new SnapshotCapture(
                spec,
                place,
                root,
                spec.root().isFile() ? null : walk.start().state().key());
    }

    @Override
    public FrozenView freeze() {
        Instant cut = Instant.now();
        Path taken = place.take().get();
        return new TreeView(
                identity,
                () -> entries(taken, cut),
                List::of,
                () -> place.release().accept(taken));
    }

    private EntryCursor entries(Path taken, Instant cut) {
        TreeRoot root = found.apply(taken);
        CaptureSpec there = new CaptureSpec(
                spec.dataset(), spec.consistency(), taken, root, spec.inBarrierLimit(), spec.hot(), spec.context());
        CaptureWalk listener = new CaptureWalk(there, path -> {
            throw changed(root.file(path));
        });
        TreeWalk walk = new TreeWalk(root, listener);
        TreeNode start = walk.start();
        Entries entries =
                new Entries(cut, node -> new CheckedFile(there, walk.states(), node, missed -> changed(missed.file())));
        return new WalkAhead(TreeCursor.walking(walk, start, entries, !root.isFile()), listener);
    }

    private SourceException changed(Path file) {
        return new SourceException(
                spec.dataset(),
                file + " changed in what the host gave as a snapshot of the file system",
                "Give a snapshot that nobody writes to",
                null);
    }

    /** The root in the snapshot, or an error that names it. */
    public static Function<Path, TreeRoot> finder(String dataset, dev.cairn.backup.fs.tree.Selection selection) {
        return taken -> {
            try {
                return TreeRoot.find(taken, selection).orElseThrow(() -> missing(dataset, taken, null));
            } catch (IOException e) {
                throw missing(dataset, taken, e);
            }
        };
    }

    private static SourceException missing(String dataset, Path taken, @Nullable IOException e) {
        return new SourceException(
                dataset,
                "the snapshot of the file system, " + taken + ", cannot be read",
                "Let fsSnapshot return where the dataset's root is in the snapshot",
                e);
    }

    @Override
    public void close() {
        // The snapshot belongs to the view.
    }
}
