package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The files kept open from the freeze until the view is closed. */
final class Pins {

    /** How often a file may be replaced between being opened and looked at; under the host's lock it never is. */
    private static final int ATTEMPTS = 16;

    private final Map<TreeNode, PinnedFile> pinned = new IdentityHashMap<>();

    private Pins() {}

    /**
     * Opens the files.
     *
     * @param wanted their paths; what is no file of the dataset now is passed over
     */
    static Pins take(CaptureSpec spec, StateReader states, TreeNode root, Iterable<EntryPath> wanted) {
        Pins pins = new Pins();
        try {
            for (EntryPath path : wanted) {
                TreeNode node = root.find(path);
                if (node != null && node.state().isFile() && node.selected()) {
                    pins.pin(spec, states, node);
                }
            }
            return pins;
        } catch (RuntimeException e) {
            pins.close();
            throw e;
        }
    }

    /** The files that were touched last, at most so many and within so long: what was written lately will probably be written again before it is read. */
    static List<EntryPath> newest(Iterable<TreeNode> roots, int most, Duration recent) {
        Instant since = Instant.now().minus(recent);
        Queue<TreeNode> newest =
                new PriorityQueue<>(Comparator.comparing(node -> node.state().lastTouched()));
        roots.forEach(root -> root.forEach(node -> {
            if (node.state().isFile()
                    && node.selected()
                    && node.state().lastTouched().isAfter(since)) {
                newest.add(node);
                if (newest.size() > most) {
                    newest.remove();
                }
            }
        }));
        return newest.stream().map(TreeNode::path).toList();
    }

    private void pin(CaptureSpec spec, StateReader states, TreeNode node) {
        if (pinned.containsKey(node)) {
            return;
        }
        Path file = node.file();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                FileChannel channel = PinnedFile.channel(file);
                PinnedFile opened = PinnedFile.open(spec, file, node.state().size(), channel);
                FileState now = lookOrClose(states, file, opened);
                if (now.isUnchanged(node.state())) {
                    pinned.put(node, opened);
                    return;
                }
                opened.close();
                node.see(now);
            } catch (AccessDeniedException e) {
                throw spec.unreadable(file, e);
            } catch (IOException e) {
                // Gone or replaced by something else, against the host's lock: whoever reads it later finds that out.
                return;
            }
        }
    }

    private static FileState lookOrClose(StateReader states, Path file, PinnedFile opened) throws IOException {
        try {
            return states.read(file);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    @Nullable
    PinnedFile of(TreeNode node) {
        return pinned.get(node);
    }

    void close() {
        PinnedFile.closeAll(pinned.values());
    }
}
