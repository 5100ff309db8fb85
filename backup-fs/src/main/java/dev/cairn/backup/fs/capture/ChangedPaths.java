package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.spi.EntryPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The paths whose content may be newer than the cut. Rather one too many than one missed. Thread-safe. */
final class ChangedPaths {

    /** Linux stamps files with the time of the last timer tick: up to 10 ms old at 100 Hz. */
    private static final Duration TICK = Duration.ofMillis(50);

    /** FAT keeps even seconds. */
    private static final Duration WHOLE_SECONDS = Duration.ofSeconds(2);

    private final Instant fine;
    private final Instant coarse;
    private final Set<EntryPath> paths = new ConcurrentSkipListSet<>();

    ChangedPaths(Instant cut) {
        this.fine = cut.minus(TICK);
        this.coarse = cut.minus(WHOLE_SECONDS);
    }

    /** Adds the file if its times say that it may have changed after the cut. */
    void judge(TreeNode node) {
        Instant touched = node.state().lastTouched();
        if (!touched.isBefore(touched.getNano() == 0 ? coarse : fine)) {
            add(node.path());
        }
    }

    void add(EntryPath path) {
        paths.add(path);
    }

    List<EntryPath> all() {
        return List.copyOf(paths);
    }
}
