package dev.cairn.backup.fs.capture;

import dev.cairn.backup.spi.EntryPath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Paths that were replaced between a freeze and their reading; the next freeze opens them at once. The latest 512 are kept. Thread-safe. */
public final class HotPaths {

    /** Each costs an open file while a snapshot is taken; the usual limit of a process is 1024. */
    private static final int MOST = 512;

    private final Set<EntryPath> paths =
            Collections.newSetFromMap(new LinkedHashMap<EntryPath, Boolean>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<EntryPath, Boolean> eldest) {
                    return size() > MOST;
                }
            });

    synchronized void add(EntryPath path) {
        paths.add(path);
    }

    synchronized List<EntryPath> all() {
        return List.copyOf(paths);
    }

    synchronized boolean contains(EntryPath path) {
        return paths.contains(path);
    }
}
