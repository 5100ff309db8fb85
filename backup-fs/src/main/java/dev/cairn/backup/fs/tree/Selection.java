package dev.cairn.backup.fs.tree;

import dev.cairn.backup.spi.EntryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which paths of a tree belong to a dataset: those that an include covers (all, if there is none) and no exclude does. Never one with a component that
 * begins with {@code .cairn-}: such names are restores in progress and their trash. Nor the old database that the restore of a SQLite dataset has kept
 * ({@link Databases#originalOfKept}): it is that dataset's trash, for its operator to remove. Immutable.
 */
public final class Selection {

    /** What the names of staging and trash begin with. */
    public static final String RESERVED = ".cairn-";

    /** Everything. */
    public static final Selection ALL = new Selection(List.of(), List.of(), null, PathBounds.NONE);

    private final List<Glob> includes;
    private final List<Glob> excludes;
    private final @Nullable String only;
    private final PathBounds bounds;

    private Selection(List<Glob> includes, List<Glob> excludes, @Nullable String only, PathBounds bounds) {
        this.includes = includes;
        this.excludes = excludes;
        this.only = only;
        this.bounds = bounds;
    }

    /** Just the one file of that name in the root. */
    public static Selection only(String name) {
        return new Selection(List.of(), List.of(), name, PathBounds.NONE);
    }

    /** This selection with more includes. */
    public Selection including(String... globs) {
        return new Selection(joined(includes, globs), excludes, only, bounds);
    }

    /** This selection with more excludes. */
    public Selection excluding(String... globs) {
        return new Selection(includes, joined(excludes, globs), only, bounds);
    }

    /** What of this selection lies at those paths or below them; all of it for none. One file is always the whole. */
    public Selection within(List<EntryPath> paths) {
        return paths.isEmpty() || only != null ? this : new Selection(includes, excludes, null, PathBounds.of(paths));
    }

    private static List<Glob> joined(List<Glob> globs, String... more) {
        return Stream.concat(globs.stream(), Stream.of(more).map(Glob::new)).toList();
    }

    /** Whether the path belongs to the dataset. The root does unless there are includes. */
    public boolean selects(EntryPath path) {
        if (!goesByName()) {
            return selects(components(path));
        }
        // Without taking the path to pieces: a snapshot of a whole tree asks this for each of its entries.
        String value = path.value();
        boolean reserved = value.startsWith(RESERVED) || value.contains("/" + RESERVED);
        return !reserved && isNoKeptDatabase(path.name());
    }

    private static boolean isNoKeptDatabase(String name) {
        String original = Databases.originalOfKept(name);
        return original == null || !Databases.isDatabaseName(original);
    }

    /** Whether in a folder that is not reserved the name alone decides. */
    boolean goesByName() {
        return only == null && includes.isEmpty() && excludes.isEmpty() && bounds.isEverything();
    }

    /** Whether that name belongs to the dataset, where names decide. */
    static boolean selectsName(String name) {
        return !name.startsWith(RESERVED) && isNoKeptDatabase(name);
    }

    /** Whether something below a folder of that name may belong to it, where names decide. */
    static boolean leadsThroughName(String name) {
        return !name.startsWith(RESERVED);
    }

    boolean selects(List<String> path) {
        if (!covered(path) || !bounds.contains(path)) {
            return false;
        }
        if (path.isEmpty() || only != null) {
            return true;
        }
        if (isKeptDatabase(path)) {
            return false;
        }
        // What SQLite keeps beside an excluded database is excluded with it: alone it is worthless, and -shm must never
        // be opened.
        String base = Databases.baseOfSidecar(path.get(path.size() - 1));
        if (base == null || !Databases.isDatabaseName(base)) {
            return true;
        }
        return covered(renamed(path, base));
    }

    /** A name of that form alone is not enough: {@code notes-before-20260101-120000.txt} is the user's own unless {@code notes.txt} is excluded. */
    private boolean isKeptDatabase(List<String> path) {
        String original = Databases.originalOfKept(path.get(path.size() - 1));
        return original != null && (Databases.isDatabaseName(original) || isExcluded(renamed(path, original)));
    }

    private static List<String> renamed(List<String> path, String name) {
        List<String> other = new ArrayList<>(path);
        other.set(path.size() - 1, name);
        return other;
    }

    private boolean covered(List<String> path) {
        if (only != null) {
            return path.size() == 1 && path.get(0).equals(only);
        }
        if (reserved(path)) {
            return false;
        }
        return (includes.isEmpty() || isCovered(includes, path)) && !isExcluded(path);
    }

    private boolean isExcluded(List<String> path) {
        return isCovered(excludes, path);
    }

    private static boolean isCovered(List<Glob> globs, List<String> path) {
        for (Glob glob : globs) {
            if (glob.covers(path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether something below the folder may belong to the dataset. */
    public boolean leadsThrough(EntryPath folder) {
        return leadsThrough(components(folder));
    }

    boolean leadsThrough(List<String> folder) {
        if (folder.isEmpty()) {
            return true;
        }
        if (only != null || reserved(folder) || isExcluded(folder) || !bounds.leadsThrough(folder)) {
            return false;
        }
        return includes.isEmpty()
                || includes.stream().anyMatch(glob -> glob.covers(folder) || glob.leadsThrough(folder));
    }

    private static boolean reserved(List<String> path) {
        for (String component : path) {
            if (component.startsWith(RESERVED)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> components(EntryPath path) {
        return path.isRoot() ? List.of() : List.of(path.value().split("/", -1));
    }
}
