package dev.cairn.backup.fs.tree;

import dev.cairn.backup.spi.EntryPath;
import java.util.List;

/**
 * Some paths of a tree, each with all that is below it; none means the whole tree.
 *
 * @param tops the components of each
 */
record PathBounds(List<List<String>> tops) {

    static final PathBounds NONE = new PathBounds(List.of());

    static PathBounds of(List<EntryPath> paths) {
        return new PathBounds(
                paths.stream().map(path -> List.of(path.value().split("/", -1))).toList());
    }

    boolean isEverything() {
        return tops.isEmpty();
    }

    boolean contains(List<String> path) {
        return isEverything() || tops.stream().anyMatch(top -> begins(path, top));
    }

    /** Whether it contains something below the folder. */
    boolean leadsThrough(List<String> folder) {
        return contains(folder) || tops.stream().anyMatch(top -> begins(top, folder));
    }

    private static boolean begins(List<String> path, List<String> top) {
        return path.size() >= top.size() && path.subList(0, top.size()).equals(top);
    }
}
