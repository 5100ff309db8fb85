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
import java.util.ArrayList;
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
    private final Map<TreeNode, Early> early = new IdentityHashMap<>();
    private final List<PinnedFile> stale = new ArrayList<>();

    /** A file opened before the freeze, and what its name stood for right after that. */
    private record Early(PinnedFile file, FileState seen) {}

    private Pins() {}

    /**
     * Opens the files before the barrier, where it costs the host nothing: inside, one look tells whether the name still stands for what was opened.
     *
     * @param wanted their paths; what is no file of the dataset now is passed over
     */
    static Pins early(CaptureSpec spec, StateReader states, TreeNode root, Iterable<EntryPath> wanted) {
        Pins pins = new Pins();
        pins.take(spec, states, root, wanted);
        // Without an inode nothing tells one file of that name from the next.
        pins.pinned.forEach((node, file) -> {
            if (node.state().key() == null) {
                pins.stale.add(file);
            } else {
                pins.early.put(node, new Early(file, node.state()));
            }
        });
        pins.pinned.clear();
        return pins;
    }

    /**
     * Opens the files, or takes those that were opened early and are still what they were. After a failure all are closed.
     *
     * @param wanted their paths; what is no file of the dataset now is passed over
     */
    synchronized void take(CaptureSpec spec, StateReader states, TreeNode root, Iterable<EntryPath> wanted) {
        try {
            for (EntryPath path : wanted) {
                TreeNode node = root.find(path);
                if (node != null && node.state().isFile() && node.selected()) {
                    pin(spec, states, node);
                }
            }
        } catch (RuntimeException e) {
            close();
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
        if (isStillEarly(states, file, node)) {
            return;
        }
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

    /** An open file keeps its inode from being given out again, so the same inode with the same ctime is the very file that was opened. */
    private boolean isStillEarly(StateReader states, Path file, TreeNode node) {
        Early opened = early.get(node);
        if (opened == null) {
            return false;
        }
        try {
            FileState now = states.read(file);
            if (now.isUnchanged(opened.seen()) && now.isUnchanged(node.state())) {
                early.remove(node);
                pinned.put(node, opened.file());
                return true;
            }
        } catch (IOException e) {
            // Opening it finds out why.
        }
        return false;
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

    /** Idempotent, any thread. */
    synchronized void close() {
        List<PinnedFile> all = new ArrayList<>(pinned.values());
        early.values().forEach(opened -> all.add(opened.file()));
        all.addAll(stale);
        PinnedFile.closeAll(all);
    }
}
