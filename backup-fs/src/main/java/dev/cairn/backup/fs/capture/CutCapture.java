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
import java.util.concurrent.locks.LockSupport;

/**
 * IMMUTABLE and APPEND_ONLY: the tree is walked in prepare; the freeze brings the walk up to date and pins the files most likely to be replaced.
 */
public final class CutCapture implements PreparedCapture {

    /** How often prepare looks again for a moment in which no folder was just touched. */
    private static final int ROUNDS = 4;

    private static final Duration LONGEST_WAIT = Duration.ofMillis(50);

    private final CaptureSpec spec;
    private final TreeWalk walk;
    private final TreeNode root;
    private final Duration granularity;
    private final Set<EntryPath> likely;
    private final Pins pins;
    private volatile boolean handedOver;

    private CutCapture(
            CaptureSpec spec, TreeWalk walk, TreeNode root, Duration granularity, Set<EntryPath> likely, Pins pins) {
        this.spec = spec;
        this.walk = walk;
        this.root = root;
        this.granularity = granularity;
        this.likely = likely;
        this.pins = pins;
    }

    /** Walks the tree, and once more through what has changed meanwhile, so that little is left for the freeze. */
    public static CutCapture prepare(CaptureSpec spec) {
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        TreeNode root = walk.walk(walk.start());
        Duration granularity = Places.timeGranularity(spec.root().folder());
        settle(spec, walk, root, granularity);
        Set<EntryPath> likely = new LinkedHashSet<>(spec.hot().all());
        likely.addAll(Pins.newest(List.of(root), spec.hot().pinned(), spec.hot().recent()));
        return new CutCapture(spec, walk, root, granularity, likely, Pins.early(spec, walk.states(), root, likely));
    }

    /**
     * A folder touched right before it was listed must be listed again at the freeze, since its time may not tell a further change. Waiting until it would
     * costs the snapshot milliseconds here and spares the host the listing. Where times are coarse, or the host never pauses, the freeze lists.
     */
    private static void settle(CaptureSpec spec, TreeWalk walk, TreeNode root, Duration granularity) {
        for (int round = 1; ; round++) {
            CutRefresh refresh = CutRefresh.thorough(spec, walk, granularity);
            refresh.folders(root);
            if (round == ROUNDS || granularity.compareTo(LONGEST_WAIT) > 0 || !refresh.leftYoung()) {
                return;
            }
            LockSupport.parkNanos(granularity.toNanos());
        }
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
        Set<EntryPath> wanted = new LinkedHashSet<>(likely);
        wanted.addAll(
                Pins.newest(refresh.relisted(), spec.hot().pinned(), spec.hot().recent()));
        pins.take(spec, walk.states(), root, wanted);
        handedOver = true;
        Misses misses = new Misses(spec, walk.states(), root, pins);
        Entries entries = new Entries(cut, node -> {
            PinnedFile pinned = pins.of(node);
            return pinned != null ? pinned : new CheckedFile(spec, walk.states(), node, misses::of);
        });
        return new TreeView(
                spec.root().isFile() ? null : root.state().key(),
                () -> {
                    refresh.confirm();
                    return TreeCursor.walked(root, entries, !spec.root().isFile());
                },
                List::of,
                () -> {
                    pins.close();
                    spec.hot().ended(misses.any());
                });
    }

    /** Lets go what was opened, unless a view has it now. */
    @Override
    public void close() {
        if (!handedOver) {
            pins.close();
        }
    }
}
