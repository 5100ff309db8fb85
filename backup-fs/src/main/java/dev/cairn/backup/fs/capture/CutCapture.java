package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.time.Instant;
import java.util.List;

/**
 * IMMUTABLE and APPEND_ONLY: the tree is walked in prepare; the freeze brings the walk up to date and pins the files most likely to be replaced.
 */
public final class CutCapture implements PreparedCapture {

    private final CaptureSpec spec;
    private final TreeWalk walk;
    private final TreeNode root;

    private CutCapture(CaptureSpec spec, TreeWalk walk, TreeNode root) {
        this.spec = spec;
        this.walk = walk;
        this.root = root;
    }

    /** Walks the tree. */
    public static CutCapture prepare(CaptureSpec spec) {
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        return new CutCapture(spec, walk, walk.walk(walk.start()));
    }

    @Override
    public FrozenView freeze() {
        spec.refuseMovedRoot();
        Instant cut = Instant.now();
        CutRefresh refresh = new CutRefresh(spec, walk);
        refresh.folders(root);
        if (spec.consistency() == Consistency.APPEND_ONLY) {
            refresh.files(root);
        }
        Pins pins = Pins.take(spec, walk.states(), root, cut);
        Misses misses = new Misses(spec, walk.states(), root, pins);
        Entries entries = new Entries(cut, node -> {
            PinnedFile pinned = pins.of(node);
            return pinned != null ? pinned : new CheckedFile(spec, walk.states(), node, misses::of);
        });
        return new TreeView(
                spec.root().isFile() ? null : root.state().key(),
                () -> new TreeCursor(root, entries, folder -> {}, !spec.root().isFile()),
                List::of,
                pins::close);
    }

    @Override
    public void close() {
        // Only what was walked is held.
    }
}
