package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/** Whether a database's structure holds together, by SQLite's own checks. */
final class IntegrityVerdict {

    private static final Logger LOG = LoggerFactory.getLogger(IntegrityVerdict.class);

    private IntegrityVerdict() {}

    /**
     * Checks a database and tells what is damaged; empty if nothing is. What cannot be checked for lack of a function, collation or module that
     * only the host has is logged and counts as sound: that is no damage.
     *
     * @throws SQLException if the answer is not known, because the database is locked or the disk failed
     */
    static Optional<String> damage(SQLiteConnection connection, boolean thorough, String name) throws SQLException {
        try {
            Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
            String verdict =
                    Connections.text(connection, thorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
            if (!verdict.equals("ok")) {
                return Optional.of(verdict);
            }
            if (thorough) {
                reportBrokenForeignKeys(connection, name);
            }
            return Optional.empty();
        } catch (SQLException e) {
            return switch (SqliteFailure.of(e)) {
                case NOT_SOUND -> Optional.of(String.valueOf(e.getMessage()));
                case OTHER -> {
                    LOG.warn("{} was not checked to its end: {}", name, e.getMessage());
                    yield Optional.empty();
                }
                default -> throw e;
            };
        }
    }

    /**
     * Whether each ordinary table and its indexes hold together, checked one by one. Leaves out what {@code quick_check} of a whole database adds since
     * SQLite 3.44: the virtual tables' own check, with FTS5 1.7 s of 2.05 s for 500 MB.
     *
     * @throws SQLException if a table cannot be read, also because it is damaged
     */
    static boolean areTablesSound(SQLiteConnection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        for (String table : tables) {
            String quoted = '"' + table.replace("\"", "\"\"") + '"';
            if (!Connections.text(connection, "PRAGMA quick_check(" + quoted + ")")
                    .equals("ok")) {
                return false;
            }
        }
        return true;
    }

    private static void reportBrokenForeignKeys(SQLiteConnection connection, String name) throws SQLException {
        long broken = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
            while (rows.next()) {
                broken++;
            }
        }
        if (broken > 0) {
            LOG.warn(
                    "{} has {} rows whose foreign key leads nowhere; SQLite allows that, so they are restored as they are",
                    name,
                    broken);
        }
    }
}
