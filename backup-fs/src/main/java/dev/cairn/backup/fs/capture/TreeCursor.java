package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands out a tree in path order. A folder that is not selected itself appears only if something selected lies in it, so it waits until that
 * turns up.
 */
final class TreeCursor implements EntryCursor {

    private final Entries entries;
    private final @Nullable TreeWalk walk;
    private final boolean rootShown;
    private final Deque<Level> open = new ArrayDeque<>();
    private final Deque<TreeNode> waiting = new ArrayDeque<>();
    private final Deque<TreeNode> ready = new ArrayDeque<>();

    /** A folder that was entered, with the child that comes next. */
    private static final class Level {
        final @Nullable TreeNode folder;
        final List<TreeNode> children;
        int next;

        Level(@Nullable TreeNode folder, List<TreeNode> children) {
            this.folder = folder;
            this.children = children;
        }
    }

    private TreeCursor(TreeNode root, Entries entries, @Nullable TreeWalk walk, boolean rootShown) {
        this.entries = entries;
        this.walk = walk;
        this.rootShown = rootShown;
        open.push(new Level(null, List.of(root)));
    }

    /**
     * The entries of a tree that was walked already.
     *
     * @param rootShown whether the root has an entry
     */
    static TreeCursor walked(TreeNode root, Entries entries, boolean rootShown) {
        return new TreeCursor(root, entries, null, rootShown);
    }

    /**
     * The entries of a tree that is walked on the way. Of the nodes it holds those in the folders that it is in.
     *
     * @param root not yet scanned
     * @param rootShown whether the root has an entry
     */
    static TreeCursor walking(TreeWalk walk, TreeNode root, Entries entries, boolean rootShown) {
        return new TreeCursor(root, entries, walk, rootShown);
    }

    @Override
    public @Nullable Entry next() {
        while (ready.isEmpty()) {
            Level level = open.peek();
            if (level == null) {
                return null;
            }
            if (level.next < level.children.size()) {
                visit(level.children.get(level.next++));
            } else {
                open.pop();
                leave(level.folder);
            }
        }
        return entries.of(ready.remove());
    }

    private void visit(TreeNode node) {
        if (node.selected() || node.parent() == null) {
            show(node);
        } else {
            while (!waiting.isEmpty() && waiting.getLast() != node.parent()) {
                waiting.removeLast();
            }
            waiting.add(node);
        }
        if (node.state().isDirectory()) {
            if (walk != null) {
                walk.scan(node);
            }
            open.push(new Level(node, node.children()));
        }
    }

    /** A tree of millions of files must not stay in memory until the last one is handed out. */
    private void leave(@Nullable TreeNode folder) {
        if (walk != null && folder != null) {
            folder.fill(List.of(), null);
        }
    }

    private void show(TreeNode node) {
        if (!waiting.isEmpty()) {
            showWaiting(node);
        }
        if (node.parent() != null || rootShown) {
            ready.add(node);
        }
    }

    private void showWaiting(TreeNode node) {
        Deque<TreeNode> above = new ArrayDeque<>();
        for (TreeNode folder = node.parent(); folder != null && waiting.contains(folder); folder = folder.parent()) {
            above.push(folder);
        }
        waiting.clear();
        ready.addAll(above);
    }

    @Override
    public void close() {
        open.clear();
    }
}
