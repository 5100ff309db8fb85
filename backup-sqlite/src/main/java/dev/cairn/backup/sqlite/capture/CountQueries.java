package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sqlite.SQLiteConnection;

/** Asks a frozen database for the configured counts. */
final class CountQueries {

    private final DatabaseSettings settings;
    private final CaptureContext context;

    CountQueries(DatabaseSettings settings, CaptureContext context) {
        this.settings = settings;
        this.context = context;
    }

    /** The counts that could be had of a copy, when the host's database is no longer pinned. */
    Map<String, Long> ask(Path copy) {
        if (settings.counts().isEmpty()) {
            return Map.of();
        }
        try {
            SQLiteConnection connection = Connections.openImmutable(copy);
            try {
                return answers(connection);
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            return none(e);
        }
    }

    /** The counts that could be had of the state that a connection to the host's own database has pinned. It is to be used for nothing else after this. */
    Map<String, Long> ask(SQLiteConnection pinned) {
        if (settings.counts().isEmpty()) {
            return Map.of();
        }
        try {
            Connections.run(pinned, "PRAGMA query_only=ON");
            return answers(pinned);
        } catch (SQLException e) {
            return none(e);
        }
    }

    /** A query that fails is a warning: a renamed table must not end the host's backups. */
    private Map<String, Long> answers(SQLiteConnection connection) {
        Map<String, Long> counts = new LinkedHashMap<>();
        settings.counts().forEach((name, query) -> {
            try {
                counts.put(name, Connections.number(connection, query));
            } catch (SQLException e) {
                context.warn("Count '" + name + "' of " + settings.configured() + " is missing: " + e.getMessage());
            }
        });
        return Map.copyOf(counts);
    }

    private Map<String, Long> none(SQLException e) {
        context.warn("The counts of " + settings.configured() + " are missing: " + e.getMessage());
        return Map.of();
    }
}
