package dev.cairn.backup.examples.factory.resilience;

import dev.cairn.backup.SnapshotMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recovery under way: what was done so far and how long it took. For one thread. */
public final class Recovery {

    private final String occasion;
    private final Instant startedAt;
    private final List<Map<String, Object>> steps = new ArrayList<>();
    private final Map<String, Long> rpo = new LinkedHashMap<>();
    private final List<String> snapshots = new ArrayList<>();

    /** Begins one. @param occasion what it is @param startedAt since when somebody waits for it */
    public Recovery(String occasion, Instant startedAt) {
        this.occasion = occasion;
        this.startedAt = startedAt;
    }

    /** Something that is done. */
    @FunctionalInterface
    public interface Step<T> {
        /** Does it. */
        T run() throws Exception;
    }

    /** Does a step, and takes its time. What it throws ends the recovery. */
    public <T> T step(String name, Step<T> step) throws Exception {
        long began = System.nanoTime();
        T done = step.run();
        did(name, Duration.ofNanos(System.nanoTime() - began));
        return done;
    }

    /** A step that somebody else has measured. */
    public void did(String name, Duration elapsed) {
        steps.add(Map.of("name", name, "millis", elapsed.toMillis()));
    }

    /** From which snapshot datasets were restored: its age is what was lost of each. */
    public void restored(SnapshotMetadata snapshot, List<String> datasets) {
        snapshots.add(snapshot.id().value());
        datasets.forEach(dataset -> lost(dataset, Duration.between(snapshot.createdAt(), startedAt)));
    }

    /** How much of a dataset was lost. */
    public void lost(String dataset, Duration age) {
        rpo.put(dataset, Math.max(0, age.toMillis()));
    }

    /** From which snapshot. */
    public void from(String snapshot) {
        snapshots.add(snapshot);
    }

    /** What it is. */
    public String occasion() {
        return occasion;
    }

    /** Since when. */
    public Instant startedAt() {
        return startedAt;
    }

    /** What was done: {@code name} and {@code millis} each. */
    public List<Map<String, Object>> steps() {
        return List.copyOf(steps);
    }

    /** By dataset, how old what was restored is, in milliseconds. */
    public Map<String, Long> rpo() {
        return Map.copyOf(rpo);
    }

    /** The snapshots that it restored from. */
    public List<String> snapshots() {
        return List.copyOf(snapshots);
    }
}
