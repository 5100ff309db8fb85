package dev.cairn.backup.sqlite.live;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of SQLite, as {@code sqlite_version()} names it. */
record SqliteVersion(int major, int minor, int patch) implements Comparable<SqliteVersion> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\D.*)?");
    private static final Comparator<SqliteVersion> BY_AGE = Comparator.comparingInt(SqliteVersion::major)
            .thenComparingInt(SqliteVersion::minor)
            .thenComparingInt(SqliteVersion::patch);

    private static final SqliteVersion FIRST_WITH_WAL = new SqliteVersion(3, 7, 0);
    private static final SqliteVersion MENDED = new SqliteVersion(3, 51, 3);

    /** The version in a text such as {@code 3.50.4}; empty if it is none. */
    static Optional<SqliteVersion> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        int patch = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
        return Optional.of(new SqliteVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), patch));
    }

    /**
     * Whether a checkpoint may pass over committed frames, because another connection began the log anew meanwhile: 3.7.0 to 3.51.2, but
     * for 3.50.7 and 3.44.6 and what follows them in their branches (https://www.sqlite.org/wal.html, "The WAL-Reset Bug").
     */
    boolean hasWalResetBug() {
        boolean mendedInItsBranch = isLaterFixOf(50, 7) || isLaterFixOf(44, 6);
        return compareTo(FIRST_WITH_WAL) >= 0 && compareTo(MENDED) < 0 && !mendedInItsBranch;
    }

    private boolean isLaterFixOf(int branch, int mendedIn) {
        return major == 3 && minor == branch && patch >= mendedIn;
    }

    @Override
    public int compareTo(SqliteVersion other) {
        return BY_AGE.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
