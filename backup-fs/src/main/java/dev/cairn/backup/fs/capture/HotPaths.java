package dev.cairn.backup.fs.capture;

import dev.cairn.backup.spi.EntryPath;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Paths that were replaced between a freeze and their reading; the next freeze opens them at once. The latest 512 are kept. Thread-safe. */
public final class HotPaths {

    /** Each costs an open file while a snapshot is taken; the usual limit of a process is 1024. */
    private static final int MOST = 512;

    /**
     * At about 10 µs each: a third of a millisecond as a rule, and up to a sixth of a second rather than no snapshot at all where files are replaced at
     * random while a large tree is read.
     */
    private static final int[] PINNED_BY_LEVEL = {32, 512, 4_096, 16_384};

    /** What is replaced less often will hardly be replaced in the seconds until it is read. */
    private static final Duration RECENT = Duration.ofMinutes(1);

    private static final Duration EVER = Duration.ofDays(365_000);

    private int level;
    private final Set<EntryPath> paths = latest();
    private final Set<EntryPath> folders = latest();

    private static Set<EntryPath> latest() {
        return Collections.newSetFromMap(new LinkedHashMap<EntryPath, Boolean>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<EntryPath, Boolean> eldest) {
                return size() > MOST;
            }
        });
    }

    /** A folder that seemed quiet and was not. */
    synchronized void addFolder(EntryPath path) {
        folders.add(path);
    }

    /** The folders that every freeze asks after. */
    synchronized Set<EntryPath> folders() {
        return Set.copyOf(folders);
    }

    /** A view ended. Each one in a row that missed a file makes the next freeze pin more; each that missed none lets it pin less. */
    synchronized void ended(boolean missed) {
        level = missed ? Math.min(level + 1, PINNED_BY_LEVEL.length - 1) : Math.max(level - 1, 0);
    }

    /** How many files the next freeze opens beside the hot ones. */
    synchronized int pinned() {
        return PINNED_BY_LEVEL[level];
    }

    /** How lately a file must have been touched to be opened for that. */
    synchronized Duration recent() {
        return level == 0 ? RECENT : EVER;
    }

    synchronized void add(EntryPath path) {
        paths.add(path);
    }

    synchronized List<EntryPath> all() {
        return List.copyOf(paths);
    }
}
