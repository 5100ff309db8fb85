package dev.cairn.backup.examples.factory.backups;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/** Finds what {@code --date} means: the newest snapshot of that day in UTC, or of all, that holds what is to be restored. */
public final class DatedSnapshots {

    /** Instead of a date: the newest there is. */
    public static final String LATEST = "latest";

    private DatedSnapshots() {}

    /** The day of a text, empty for {@code latest}. */
    public static Optional<LocalDate> day(String date) {
        try {
            return date.equals(LATEST) ? Optional.empty() : Optional.of(LocalDate.parse(date));
        } catch (DateTimeParseException e) {
            throw new InvalidValueException("date", date, "a day such as 2025-10-23, or " + LATEST);
        }
    }

    /**
     * The snapshot to restore from. Snapshots taken for the safety of a restore hold what was to be got rid of, and do not count.
     *
     * @throws InvalidValueException if there is none; it names the days there are
     */
    public static SnapshotMetadata find(SnapshotManager backups, String date, List<String> datasets) {
        Optional<LocalDate> day = day(date);
        List<SnapshotMetadata> own = backups.list();
        List<SnapshotMetadata> holding = (own.isEmpty() ? backups.listAll() : own)
                .stream() // A new machine has none of its own.
                        .filter(snapshot -> snapshot.safetyFor().isEmpty())
                        .filter(snapshot -> datasets.stream()
                                .allMatch(name -> snapshot.dataset(name)
                                        .filter(summary -> summary.present())
                                        .isPresent()))
                        .toList();
        return holding.stream()
                .filter(snapshot -> day.isEmpty() || day.get().equals(dayOf(snapshot)))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new InvalidValueException(
                        "date",
                        date,
                        "a day with a snapshot of " + datasets + ": "
                                + holding.stream()
                                        .map(DatedSnapshots::dayOf)
                                        .distinct()
                                        .toList()));
    }

    /** The day on which it was taken, in UTC. */
    public static LocalDate dayOf(SnapshotMetadata snapshot) {
        return LocalDate.ofInstant(snapshot.createdAt(), ZoneOffset.UTC);
    }
}
