package dev.cairn.backup.core.capture;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a {@link FakeDataset} keeps outside the process: the live files, what restores staged and what they put aside. Each method that
 * changes something first calls the step hook, once before each elementary change, so that a test can fail or crash there. Thread-safe.
 */
public final class FakeDisk {

    private Map<String, String> live = new TreeMap<>();
    private final Map<String, Map<String, String>> staged = new TreeMap<>();
    private final Map<String, Map<String, String>> trash = new TreeMap<>();
    private Consumer<String> step = name -> {};

    /** Calls the hook before each elementary change. */
    public synchronized FakeDisk onStep(Consumer<String> hook) {
        this.step = hook;
        return this;
    }

    /** What is live, a copy. */
    public synchronized Map<String, String> files() {
        return new TreeMap<>(live);
    }

    /** What the host writes. */
    public synchronized FakeDisk write(String path, String content) {
        live.put(path, content);
        return this;
    }

    /** What the host, or a disaster, deletes. */
    public synchronized void clear() {
        live.clear();
    }

    /** Restores that have something staged. */
    public synchronized boolean nothingStaged() {
        return staged.isEmpty();
    }

    synchronized void stage(String restore, Map<String, String> files) {
        step.accept("stage");
        staged.put(restore, new TreeMap<>(files));
    }

    /** First the old goes aside, then the new is live: a crash between leaves nothing live, which rollback and swap both mend. */
    synchronized void swap(String restore) {
        step.accept("swap: put aside");
        if (!trash.containsKey(restore)) {
            trash.put(restore, live);
            live = new TreeMap<>();
        }
        step.accept("swap: make live");
        if (staged.containsKey(restore)) {
            live = new TreeMap<>(staged.get(restore));
        }
    }

    synchronized void rollback(String restore) {
        step.accept("rollback: old live");
        if (trash.containsKey(restore)) {
            live = new TreeMap<>(trash.get(restore));
        }
        step.accept("rollback: remove staged");
        staged.remove(restore);
        step.accept("rollback: remove trash");
        trash.remove(restore);
    }

    synchronized void finish(String restore) {
        step.accept("finish");
        staged.remove(restore);
    }
}
