package dev.cairn.backup.spi;

import dev.cairn.backup.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How much of a dataset a restore is about. Immutable.
 *
 * @param paths the entries that are restored, each with all that is below it, in order and none below another; empty for the whole dataset
 * @param overlay whether live entries that the snapshot lacks stay; otherwise they become trash
 * @param listedPaths how many paths a plan may list
 */
public record RestoreScope(List<EntryPath> paths, boolean overlay, int listedPaths) {

    /** The most paths that one plan lists of a dataset. */
    public static final int MOST_LISTED = 100_000;

    /** All of a dataset, replaced. */
    public static final RestoreScope WHOLE = new RestoreScope(List.of(), false, 0);

    /**
     * Sorts the paths and leaves out those below others; the root stands for the whole.
     *
     * @throws InvalidValueException if the number is negative or above {@link #MOST_LISTED}
     */
    public RestoreScope {
        if (listedPaths < 0 || listedPaths > MOST_LISTED) {
            throw new InvalidValueException("listed paths", listedPaths, "0 to " + MOST_LISTED);
        }
        paths = tops(paths);
    }

    private static List<EntryPath> tops(List<EntryPath> paths) {
        List<EntryPath> tops = new ArrayList<>();
        for (EntryPath path : new TreeSet<>(paths)) {
            if (path.isRoot()) {
                return List.of();
            }
            if (tops.isEmpty() || !path.startsWith(tops.get(tops.size() - 1))) {
                tops.add(path);
            }
        }
        return List.copyOf(tops);
    }

    /** Whether the whole dataset is replaced, which every dataset can do. */
    public boolean isWhole() {
        return paths.isEmpty() && !overlay;
    }
}
