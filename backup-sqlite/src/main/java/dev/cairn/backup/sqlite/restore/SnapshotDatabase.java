package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A snapshot's database entry, and what restoring it would do. */
public final class SnapshotDatabase {

    private SnapshotDatabase() {}

    /**
     * The only entry; empty if the snapshot lists the dataset as absent.
     *
     * @throws DamagedSnapshotException if there is none, more than one, or one that is not a file
     */
    static Optional<Entry> entryOf(DatasetReader snapshot) {
        if (!snapshot.summary().present()) {
            return Optional.empty();
        }
        String dataset = snapshot.summary().name();
        try (EntryCursor entries = snapshot.entries()) {
            Entry first = entries.next();
            if (first == null || first.type() != EntryType.FILE || entries.next() != null) {
                throw new DamagedSnapshotException(
                        snapshot.snapshot().id(), dataset, "does not hold exactly one database file", null);
            }
            return Optional.of(first);
        }
    }

    /** What a restore would do; looks at names and sizes and opens nothing. */
    public static DatasetPlan compare(DatabaseSettings settings, DatasetReader snapshot) {
        try {
            return compare(settings, snapshot, settings.files());
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Looking at " + settings.files().main(), e);
        }
    }

    private static DatasetPlan compare(DatabaseSettings settings, DatasetReader snapshot, DatabaseFiles live)
            throws IOException {
        Optional<Entry> entry = entryOf(snapshot);
        List<String> warnings = new ArrayList<>();
        if (entry.isEmpty()) {
            if (live.exists()) {
                warnings.add("The snapshot was taken when " + live.main()
                        + " did not exist; the live database stays as it is");
            }
            return plan(settings, live, 0, 0, live.exists() ? 1 : 0, 0, List.of(), warnings);
        }
        Entry file = entry.get();
        boolean exists = live.exists();
        if (!file.path().value().equals(live.fileName())) {
            warnings.add("The snapshot's database is called " + file.path() + " and goes to " + live.main());
        }
        if (!exists && (DurableFiles.exists(live.wal()) || DurableFiles.exists(live.journal()))) {
            warnings.add(live.main() + " is missing but its log or journal is there; they are set aside");
        }
        if (exists) {
            warnings.add("Every connection to " + live.main()
                    + " must be closed when it is replaced; it is kept beside under a dated name");
        }
        String example = (exists ? "replace " : "create ") + live.fileName();
        return plan(settings, live, exists ? 0 : 1, exists ? 1 : 0, 0, file.size(), List.of(example), warnings);
    }

    private static DatasetPlan plan(
            DatabaseSettings settings,
            DatabaseFiles live,
            long create,
            long replace,
            long keep,
            long bytes,
            List<String> examples,
            List<String> warnings) {
        return new DatasetPlan(
                        settings.name(), live.main().toString(), create, replace, 0, keep, bytes, examples, warnings)
                .sized(new DatasetPlan.Sizes(create * bytes, replace * bytes, 0, 0));
    }
}
