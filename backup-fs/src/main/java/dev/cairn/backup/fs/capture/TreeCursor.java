package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out a tree in path order. A folder that is not selected itself appears only if something selected lies in it, so it waits until that
 * turns up.
 */
final class TreeCursor implements EntryCursor {

    private final Entries entries;
    private final Consumer<TreeNode> scan;
    private final boolean rootShown;
    private final Deque<Iterator<TreeNode>> open = new ArrayDeque<>();
    private final Deque<TreeNode> waiting = new ArrayDeque<>();
    private final Deque<TreeNode> ready = new ArrayDeque<>();

    /**
     * @param scan fills a folder that is about to be entered; does nothing for a tree that was walked already
     * @param rootShown whether the root has an entry
     */
    TreeCursor(TreeNode root, Entries entries, Consumer<TreeNode> scan, boolean rootShown) {
        this.entries = entries;
        this.scan = scan;
        this.rootShown = rootShown;
        open.push(List.of(root).iterator());
    }

    @Override
    public @Nullable Entry next() {
        while (ready.isEmpty()) {
            Iterator<TreeNode> level = open.peek();
            if (level == null) {
                return null;
            }
            if (level.hasNext()) {
                visit(level.next());
            } else {
                open.pop();
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
            scan.accept(node);
            open.push(node.children().iterator());
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
