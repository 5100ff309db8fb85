package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Brings a walk up to date inside the barrier, at the price of one stat a folder and a new listing of those that changed. */
final class CutRefresh {

    /** FAT keeps times to 2 seconds: a folder that changed so shortly before it was listed may have changed again without a new time. */
    private static final Duration GRANULARITY = Duration.ofSeconds(2);

    private final CaptureSpec spec;
    private final TreeWalk walk;

    CutRefresh(CaptureSpec spec, TreeWalk walk) {
        this.spec = spec;
        this.walk = walk;
    }

    /** The folder and all below it, as they are now. */
    void folders(TreeNode folder) {
        FileState before = folder.state();
        FileState now;
        try {
            now = walk.states().read(folder.file());
        } catch (NoSuchFileException e) {
            if (folder.parent() == null) {
                throw spec.unreadable(folder.file(), e);
            }
            folder.fill(List.of(), null);
            return;
        } catch (IOException e) {
            throw spec.unreadable(folder.file(), e);
        }
        folder.see(now);
        if (!now.isUnchanged(before) || isYoung(now, folder.scanned())) {
            list(folder, now.isSameFile(before));
        } else {
            folder.children().stream()
                    .filter(child -> child.state().isDirectory())
                    .forEach(this::folders);
        }
    }

    private static boolean isYoung(FileState state, @org.jspecify.annotations.Nullable Instant scanned) {
        return scanned == null || !state.lastTouched().isBefore(scanned.minus(GRANULARITY));
    }

    private void list(TreeNode folder, boolean sameFolder) {
        Map<String, TreeNode> known = new HashMap<>();
        if (sameFolder) {
            folder.children().forEach(child -> known.put(child.name(), child));
        }
        walk.scan(folder);
        List<TreeNode> children = new ArrayList<>();
        for (TreeNode found : folder.children()) {
            TreeNode old = known.get(found.name());
            if (!found.state().isDirectory()) {
                children.add(found);
            } else if (old != null && old.state().isSameFile(found.state())) {
                folders(old);
                children.add(old);
            } else {
                children.add(walk.walk(found));
            }
        }
        folder.fill(children, null);
    }

    /** The length of each file now; what is gone is left out. */
    void files(TreeNode folder) {
        List<TreeNode> present = new ArrayList<>();
        for (TreeNode child : folder.children()) {
            if (child.state().isDirectory()) {
                files(child);
                present.add(child);
            } else if (isPresent(child)) {
                present.add(child);
            }
        }
        folder.fill(present, null);
    }

    private boolean isPresent(TreeNode file) {
        try {
            file.see(walk.states().read(file.file()));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw spec.unreadable(file.file(), e);
        }
    }
}
