package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * IMMUTABLE and APPEND_ONLY: the tree is walked in prepare; the freeze brings the walk up to date and pins the files most likely to be replaced.
 */
public final class CutCapture implements PreparedCapture {

    private final CaptureSpec spec;
    private final TreeWalk walk;
    private final TreeNode root;
    private final Duration granularity;
    private final List<EntryPath> newest;

    private CutCapture(CaptureSpec spec, TreeWalk walk, TreeNode root, Duration granularity, List<EntryPath> newest) {
        this.spec = spec;
        this.walk = walk;
        this.root = root;
        this.granularity = granularity;
        this.newest = newest;
    }

    /** Walks the tree, and once more through what has changed meanwhile, so that little is left for the freeze. */
    public static CutCapture prepare(CaptureSpec spec) {
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        TreeNode root = walk.walk(walk.start());
        Duration granularity = Places.timeGranularity(spec.root().folder());
        CutRefresh.thorough(spec, walk, granularity).folders(root);
        return new CutCapture(
                spec,
                walk,
                root,
                granularity,
                Pins.newest(List.of(root), spec.hot().pinned(), spec.hot().recent()));
    }

    @Override
    public FrozenView freeze() {
        spec.refuseMovedRoot();
        Instant cut = Instant.now();
        CutRefresh refresh = CutRefresh.quick(spec, walk, granularity);
        refresh.folders(root);
        if (spec.consistency() == Consistency.APPEND_ONLY) {
            refresh.files(root);
        }
        Pins pins = Pins.take(spec, walk.states(), root, likely(refresh.relisted()));
        Misses misses = new Misses(spec, walk.states(), root, pins);
        Entries entries = new Entries(cut, node -> {
            PinnedFile pinned = pins.of(node);
            return pinned != null ? pinned : new CheckedFile(spec, walk.states(), node, misses::of);
        });
        return new TreeView(
                spec.root().isFile() ? null : root.state().key(),
                () -> {
                    refresh.confirm();
                    return new TreeCursor(
                            root, entries, folder -> {}, !spec.root().isFile());
                },
                List::of,
                () -> {
                    pins.close();
                    spec.hot().ended(misses.any());
                });
    }

    /** The files that will probably be replaced before they are read. */
    private Set<EntryPath> likely(List<TreeNode> relisted) {
        Set<EntryPath> likely = new LinkedHashSet<>(spec.hot().all());
        likely.addAll(newest);
        likely.addAll(Pins.newest(relisted, spec.hot().pinned(), spec.hot().recent()));
        return likely;
    }

    @Override
    public void close() {
        // Only what was walked is held.
    }
}
