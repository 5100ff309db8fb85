package dev.cairn.backup.fs.capture;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** IN_BARRIER: a small tree is walked and read into memory inside the barrier. */
public final class BarrierCapture implements PreparedCapture {

    private final CaptureSpec spec;

    private BarrierCapture(CaptureSpec spec) {
        this.spec = spec;
    }

    /** Looks at the tree outside the barrier, so that what must be refused is refused without holding the host. */
    public static BarrierCapture prepare(CaptureSpec spec) {
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        long[] bytes = {0};
        walk.walk(walk.start()).forEach(node -> bytes[0] += node.state().size());
        BarrierCapture capture = new BarrierCapture(spec);
        capture.checkLimit(bytes[0]);
        return capture;
    }

    private void checkLimit(long bytes) {
        if (bytes > spec.inBarrierLimit()) {
            throw new SourceException(
                    spec.dataset(),
                    spec.root().place() + " holds " + bytes + " bytes, at most " + spec.inBarrierLimit()
                            + " are read inside the barrier",
                    "Declare it IMMUTABLE, APPEND_ONLY or FS_SNAPSHOT, whichever is true, or raise inBarrierLimit",
                    null);
        }
    }

    @Override
    public FrozenView freeze() {
        spec.refuseMovedRoot();
        Instant cut = Instant.now();
        TreeWalk walk = new TreeWalk(spec.root(), new CaptureWalk(spec, path -> {}));
        TreeNode root = walk.walk(walk.start());
        Map<TreeNode, byte[]> contents = read(root);
        Entries entries =
                new Entries(cut, node -> () -> new ByteArrayInputStream(contents.getOrDefault(node, new byte[0])));
        return new TreeView(
                spec.root().isFile() ? null : root.state().key(),
                () -> TreeCursor.walked(root, entries, !spec.root().isFile()),
                List::of,
                () -> {});
    }

    private Map<TreeNode, byte[]> read(TreeNode root) {
        Map<TreeNode, byte[]> contents = new IdentityHashMap<>();
        Set<String> linked = new HashSet<>();
        long[] left = {spec.inBarrierLimit()};
        root.forEach(node -> {
            String key = node.state().key();
            boolean first = node.state().links() == 1 || key == null || linked.add(key);
            if (node.state().isFile() && node.selected() && first) {
                byte[] bytes = read(node, left[0]);
                left[0] -= bytes.length;
                contents.put(node, bytes);
            }
        });
        return contents;
    }

    private byte[] read(TreeNode node, long left) {
        try (InputStream in = Files.newInputStream(node.file(), NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, left + 1));
            checkLimit(spec.inBarrierLimit() - left + bytes.length);
            return bytes;
        } catch (IOException e) {
            throw spec.unreadable(node.file(), e);
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
