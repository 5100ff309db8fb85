package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.io.IOException;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** FUZZY: the freeze notes the time; everything is walked and read after it, and what changed since is listed. */
public final class FuzzyCapture implements PreparedCapture {

    private final CaptureSpec spec;
    private final @Nullable String identity;

    private FuzzyCapture(CaptureSpec spec, @Nullable String identity) {
        this.spec = spec;
        this.identity = identity;
    }

    /** Looks at the root only. */
    public static FuzzyCapture prepare(CaptureSpec spec) {
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        return new FuzzyCapture(
                spec, spec.root().isFile() ? null : walk.start().state().key());
    }

    @Override
    public FrozenView freeze() {
        spec.refuseMovedRoot();
        Instant cut = Instant.now();
        ChangedPaths changed = new ChangedPaths(cut);
        Queue<PinnedFile> held = new ConcurrentLinkedQueue<>();
        return new TreeView(
                identity, () -> entries(cut, changed, held), changed::all, () -> held.forEach(PinnedFile::close));
    }

    private EntryCursor entries(Instant cut, ChangedPaths changed, Queue<PinnedFile> held) {
        CaptureWalk listener = new CaptureWalk(spec, changed::add);
        TreeWalk walk = new TreeWalk(spec.root(), listener);
        TreeNode root = walk.start();
        Set<EntryPath> hot = Set.copyOf(spec.hot().all());
        Entries entries = new Entries(cut, node -> {
            changed.judge(node);
            return !hot.isEmpty() && hot.contains(node.path())
                    ? held(node, walk, changed, held)
                    : new FuzzyFile(spec, walk.states(), node, changed);
        });
        return new WalkAhead(
                TreeCursor.walking(walk, root, entries, !spec.root().isFile()), listener);
    }

    /** A file that vanished before it was read in an earlier try is opened as soon as it is found. */
    private EntryContent held(TreeNode node, TreeWalk walk, ChangedPaths changed, Queue<PinnedFile> held) {
        try {
            PinnedFile pinned = PinnedFile.open(spec, node.file());
            held.add(pinned);
            return pinned;
        } catch (IOException e) {
            return new FuzzyFile(spec, walk.states(), node, changed);
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
