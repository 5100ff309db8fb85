package dev.cairn.backup.fs.capture;

import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings a walk up to date inside the barrier, at the price of one stat a folder and a new listing of those that changed. */
final class CutRefresh {

    /** A folder that was not touched for so long will hardly be in the milliseconds between its listing and the freeze. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final CaptureSpec spec;
    private final TreeWalk walk;
    private final Duration granularity;
    private final boolean trusting;
    private final Set<EntryPath> hotFolders;
    private final List<TreeNode> unasked = new ArrayList<>();
    private final List<TreeNode> relisted = new ArrayList<>();

    private CutRefresh(CaptureSpec spec, TreeWalk walk, Duration granularity, boolean trusting) {
        this.spec = spec;
        this.walk = walk;
        this.granularity = granularity;
        this.trusting = trusting;
        this.hotFolders = spec.hot().folders();
    }

    /**
     * Looks at every file of each folder that changed.
     *
     * @param granularity how long before it was listed a folder may have changed and change again without a new time
     */
    static CutRefresh thorough(CaptureSpec spec, TreeWalk walk, Duration granularity) {
        return new CutRefresh(spec, walk, granularity, false);
    }

    /**
     * For the barrier: takes known files of a folder that changed for what they were, and does not ask at all after a folder that has long been quiet.
     * The files' reader and {@link #confirm} find out if that was wrong.
     */
    static CutRefresh quick(CaptureSpec spec, TreeWalk walk, Duration granularity) {
        return new CutRefresh(spec, walk, granularity, true);
    }

    /** The folders that were listed anew. */
    List<TreeNode> relisted() {
        return relisted;
    }

    /** Whether one of them was touched so shortly before that its time may not tell a further change. */
    boolean leftYoung() {
        return relisted.stream().anyMatch(folder -> isYoung(folder.state(), folder.scanned()));
    }

    /** The folder and all below it, as they are now. */
    void folders(TreeNode folder) {
        if (trusting && isQuiet(folder)) {
            unasked.add(folder);
            folder.folders().forEach(this::folders);
        } else if (isAsListed(folder)) {
            folder.folders().forEach(this::folders);
        } else {
            look(folder);
        }
    }

    private boolean isQuiet(TreeNode folder) {
        return folder.state().changed() != null
                && folder.scanned() != null
                && folder.state().lastTouched().isBefore(folder.scanned().minus(QUIET))
                && (hotFolders.isEmpty() || !hotFolders.contains(folder.path()));
    }

    /**
     * To be asked outside the barrier, before anything is read: whether the folders that were not asked after are still as they were listed. A ctime never
     * goes back, so one that is the same now was the same at the freeze.
     *
     * @throws CutMissedException if any is not; the next freeze asks after those
     */
    void confirm() {
        List<TreeNode> changed =
                unasked.stream().filter(folder -> !isAsListed(folder)).toList();
        if (!changed.isEmpty()) {
            changed.forEach(folder -> spec.hot().addFolder(folder.path()));
            throw new CutMissedException(spec.dataset(), changed.get(0).file().toString());
        }
    }

    /** The cheap answer for a folder in which nothing has happened. */
    private boolean isAsListed(TreeNode folder) {
        Instant known = folder.state().changed();
        if (known == null || isYoung(folder.state(), folder.scanned())) {
            return false;
        }
        try {
            return known.equals(walk.states().changeTime(folder.file()));
        } catch (IOException e) {
            return false; // The full look finds out why.
        }
    }

    private void look(TreeNode folder) {
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
            folder.folders().forEach(this::folders);
        }
    }

    private boolean isYoung(FileState state, @Nullable Instant scanned) {
        return scanned == null || !state.lastTouched().isBefore(scanned.minus(granularity));
    }

    private void list(TreeNode folder, boolean sameFolder) {
        Map<String, TreeNode> known = new HashMap<>();
        if (sameFolder) {
            folder.children().forEach(child -> known.put(child.name(), child));
        }
        walk.rescan(folder, trusting ? known : Map.of());
        relisted.add(folder);
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
