package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The dated name under which replaced rows are kept beside their database: {@code app-sessions-rows-20260215-142345.db}, the time in UTC. */
final class KeptRows {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private KeptRows() {}

    /** A name that nothing has; a second restore in one second gets {@code -2}. */
    static Path choose(DatabaseFiles live, String dataset, Instant startedAt) throws IOException {
        String name = live.fileName();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String dated = stem + "-" + dataset + "-rows-" + STAMP.format(startedAt);
        for (int attempt = 1; ; attempt++) {
            Path place = live.folder().resolve(dated + (attempt == 1 ? "" : "-" + attempt) + ".db");
            if (!DurableFiles.exists(place)) {
                return place;
            }
        }
    }
}
