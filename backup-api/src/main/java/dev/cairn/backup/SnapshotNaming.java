package dev.cairn.backup;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How ids are made for snapshots whose caller gives none. Pure functions. */
@FunctionalInterface
public interface SnapshotNaming {

    /**
     * The id for a new snapshot. Called again, with a greater attempt, when the id is taken.
     *
     * @param sequence the snapshot's sequence number, unique in the repository
     * @param now the wall clock
     * @param label the caller's label
     * @param attempt 0 at first
     */
    SnapshotId name(long sequence, Instant now, Optional<String> label, int attempt);

    /** {@code snap-1}, {@code snap-2} …; numbers are never used twice, and may have gaps. */
    static SnapshotNaming sequential() {
        return (sequence, now, label, attempt) -> SnapshotId.of("snap-" + sequence);
    }

    /**
     * {@code YYYYMMDD_HHMMSS[_label]} in UTC; characters of the label outside {@code A-Za-z0-9_-} become {@code -}, at most 64 are taken. A
     * second one in the same second ends with {@code -2}, a third with {@code -3} …
     */
    static SnapshotNaming timestamp() {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
        return (sequence, now, label, attempt) -> {
            String suffix = label.map(text -> text.replaceAll("[^A-Za-z0-9_-]", "-"))
                    .map(text -> "_" + text.substring(0, Math.min(64, text.length())))
                    .orElse("");
            return SnapshotId.of(format.format(now) + suffix + (attempt == 0 ? "" : "-" + (attempt + 1)));
        };
    }
}
