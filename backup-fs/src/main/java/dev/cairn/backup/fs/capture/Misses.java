package dev.cairn.backup.fs.capture;

import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.fs.tree.TreeNode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What to do when a file was replaced before it was read: remember it and, once a view, every other one that was replaced too, so that the next
 * freeze pins them all and the engine's few tries suffice. Thread-safe.
 */
final class Misses {

    private final CaptureSpec spec;
    private final StateReader states;
    private final TreeNode root;
    private final Pins pins;
    private final AtomicBoolean searched = new AtomicBoolean();

    Misses(CaptureSpec spec, StateReader states, TreeNode root, Pins pins) {
        this.spec = spec;
        this.states = states;
        this.root = root;
        this.pins = pins;
    }

    /** Whether the view has missed any. */
    boolean any() {
        return searched.get();
    }

    RuntimeException of(TreeNode node) {
        if (searched.compareAndSet(false, true)) {
            root.forEach(this::remember);
        }
        spec.hot().add(node.path());
        return new CutMissedException(spec.dataset(), node.file().toString());
    }

    private void remember(TreeNode node) {
        if (node.state().isFile() && (pins.of(node) != null || isChanged(node))) {
            spec.hot().add(node.path());
        }
    }

    private boolean isChanged(TreeNode node) {
        try {
            return !states.read(node.file()).isUnchanged(node.state());
        } catch (IOException e) {
            return true;
        }
    }
}
