package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Whether the database that is to be replaced is still one. All of it is asked through connections that write nothing, so that what is damaged is kept as
 * it was found.
 */
final class LiveHealth {

    private static final Logger LOG = LoggerFactory.getLogger(LiveHealth.class);

    private LiveHealth() {}

    /**
     * Whether it is known to be damaged, which decides only the name under which it is kept. Asked while staging, when the host still runs: the
     * check reads the whole file, and that time must not be added to the outage.
     */
    static boolean isDamaged(DatabaseSettings settings, DatabaseFiles files) {
        return !holds(settings, files, IntegrityVerdict::areTablesSound);
    }

    /** Whether its schema can be read, so that SQLite can lock it. A locked database counts as one. */
    static boolean isDatabase(DatabaseSettings settings, DatabaseFiles files) {
        return holds(settings, files, connection -> {
            Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
            return true;
        });
    }

    /**
     * Asks first without locks, which makes no file beside the database but misses what is in its log and may catch a writer half way: only a
     * good answer counts. Then with locks and log.
     */
    private static boolean holds(DatabaseSettings settings, DatabaseFiles files, Question question) {
        try {
            if (ask(Connections.openImmutable(files.main()), question)) {
                return true;
            }
        } catch (SQLException e) {
            LOG.debug("{} as it lies is not sound", files.main(), e);
        }
        try {
            return ask(Connections.openReadOnly(files.main(), settings.busyTimeout()), question);
        } catch (SQLException e) {
            LOG.debug("{} cannot be read", files.main(), e);
            // Busy is alive; OTHER is a collation or function that only the host has.
            return SqliteFailure.of(e) == SqliteFailure.BUSY || SqliteFailure.of(e) == SqliteFailure.OTHER;
        }
    }

    private static boolean ask(SQLiteConnection connection, Question question) throws SQLException {
        try {
            return question.holdsFor(connection);
        } finally {
            Connections.closeQuietly(connection);
        }
    }

    /** Something that is true of a sound database. */
    @FunctionalInterface
    private interface Question {
        boolean holdsFor(SQLiteConnection connection) throws SQLException;
    }
}
