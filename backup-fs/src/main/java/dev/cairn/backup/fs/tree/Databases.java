package dev.cairn.backup.fs.tree;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells SQLite databases by their names, without opening anything: when any descriptor of a database is closed, POSIX drops all locks that this
 * process has on it, also those of its connections (fcntl(2); "How To Corrupt An SQLite Database File", 2.2).
 */
public final class Databases {

    /** {@code <stem>-before-<yyyyMMdd-HHmmss>[-n].<ext>}, {@code -corrupt-} for a damaged one; the module for SQLite chooses these names. */
    private static final Pattern KEPT =
            Pattern.compile("(.+)-(?:before|corrupt)-\\d{8}-\\d{6}(?:-\\d+)?(\\.[^.]*)?", Pattern.DOTALL);

    private static final int SHORTEST_KEPT = "x-before-20260101-000000".length();

    private static final String SQLITE = ".sqlite";
    private static final List<String> SIDECARS = List.of("-wal", "-shm", "-journal");

    private Databases() {}

    /** Whether the name says so: {@code *.db}, {@code *.db3}, {@code *.sqlite*}. */
    public static boolean isDatabaseName(String name) {
        // Without a pattern: walks and restores ask this for every file.
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (mayBegin(name, dot)
                    && (isExtension(name, dot, ".db")
                            || isExtension(name, dot, ".db3")
                            || name.regionMatches(true, dot, SQLITE, 0, SQLITE.length()))) {
                return true;
            }
        }
        return false;
    }

    /** One letter rules nearly all out. The long s is an S to {@code regionMatches}. */
    private static boolean mayBegin(String name, int dot) {
        char first = dot + 1 < name.length() ? name.charAt(dot + 1) : 0;
        return first == 'd' || first == 'D' || first == 's' || first == 'S' || first == 0x17F;
    }

    private static boolean isExtension(String name, int dot, String extension) {
        return name.length() - dot == extension.length()
                && name.regionMatches(true, dot, extension, 0, extension.length());
    }

    /** The name without {@code -wal}, {@code -shm} or {@code -journal}; null if it ends otherwise. */
    static @Nullable String baseOfSidecar(String name) {
        int last = name.length() - 1;
        if (last < 0 || (name.charAt(last) != 'l' && name.charAt(last) != 'm')) {
            return null; // Nearly all: -wal and -journal end with an l, -shm with an m.
        }
        for (String suffix : SIDECARS) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return null;
    }

    /**
     * The name of the database whose old state is kept under the given name since a restore, or beside it as its log or journal; null if the name is
     * not of that form.
     */
    static @Nullable String originalOfKept(String name) {
        if (name.length() < SHORTEST_KEPT || (!name.contains("-before-") && !name.contains("-corrupt-"))) {
            return null;
        }
        String base = baseOfSidecar(name);
        Matcher kept = KEPT.matcher(base != null ? base : name);
        return kept.matches() ? kept.group(1) + Objects.requireNonNullElse(kept.group(2), "") : null;
    }

    /** The names beside which something lies that SQLite would keep there, whether they are in the folder or not. As a rule none. */
    static Set<String> sidecars(List<FolderNames.Name> folder) {
        Set<String> bases = Set.of();
        for (FolderNames.Name name : folder) {
            String base = baseOfSidecar(name.text());
            if (base != null) {
                bases = bases.isEmpty() ? new HashSet<>() : bases;
                bases.add(base);
            }
        }
        return bases;
    }
}
