package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sqlite.SQLiteConnection;

/** Asks the scratch copy for the configured counts, when the host's database is no longer pinned. */
final class CountQueries {

    private CountQueries() {}

    /** The counts that could be had. A query that fails is a warning: a renamed table must not end the host's backups. */
    static Map<String, Long> run(DatabaseSettings settings, Path copy, CaptureContext context) {
        Map<String, Long> counts = new LinkedHashMap<>();
        if (settings.counts().isEmpty()) {
            return counts;
        }
        try {
            SQLiteConnection connection = Connections.openImmutable(copy);
            try {
                settings.counts().forEach((name, query) -> {
                    try {
                        counts.put(name, Connections.number(connection, query));
                    } catch (SQLException e) {
                        context.warn(
                                "Count '" + name + "' of " + settings.configured() + " is missing: " + e.getMessage());
                    }
                });
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            context.warn("The counts of " + settings.configured() + " are missing: " + e.getMessage());
        }
        return Map.copyOf(counts);
    }
}
