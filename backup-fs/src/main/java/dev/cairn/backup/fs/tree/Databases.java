package dev.cairn.backup.fs.tree;

import java.util.List;
import java.util.Locale;
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

    private static final Pattern NAME = Pattern.compile(".*\\.(db|db3|sqlite[^/]*)", Pattern.DOTALL);

    /** {@code <stem>-before-<yyyyMMdd-HHmmss>[-n].<ext>}, {@code -corrupt-} for a damaged one; the module for SQLite chooses these names. */
    private static final Pattern KEPT =
            Pattern.compile("(.+)-(?:before|corrupt)-\\d{8}-\\d{6}(?:-\\d+)?(\\.[^.]*)?", Pattern.DOTALL);

    private static final List<String> SIDECARS = List.of("-wal", "-shm", "-journal");

    private Databases() {}

    /** Whether the name says so: {@code *.db}, {@code *.db3}, {@code *.sqlite*}. */
    public static boolean isDatabaseName(String name) {
        return NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** The name without {@code -wal}, {@code -shm} or {@code -journal}; null if it ends otherwise. */
    static @Nullable String baseOfSidecar(String name) {
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
        String base = baseOfSidecar(name);
        Matcher kept = KEPT.matcher(base != null ? base : name);
        return kept.matches() ? kept.group(1) + Objects.requireNonNullElse(kept.group(2), "") : null;
    }

    /** Whether a file, or what lies beside it in its folder, says that it is a database or a part of one. */
    public static boolean isDatabase(String name, Set<String> folder) {
        if (isDatabaseName(name)) {
            return true;
        }
        if (SIDECARS.stream().anyMatch(suffix -> folder.contains(name + suffix))) {
            return true;
        }
        String base = baseOfSidecar(name);
        return base != null && (isDatabaseName(base) || folder.contains(base));
    }
}
