package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.sqlite.SQLiteConnection;

/**
 * The greatest rowids ever given out, which AUTOINCREMENT keeps in {@code sqlite_sequence}; the table exists once one such table was made, and ordinary
 * statements may change it (https://www.sqlite.org/autoinc.html).
 */
final class Sequences {

    private Sequences() {}

    static OptionalLong of(SQLiteConnection connection, String table) throws SQLException {
        if (!exists(connection)) {
            return OptionalLong.empty();
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT seq FROM main.sqlite_sequence WHERE name = ? COLLATE NOCASE")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** Sets a table's sequence, or takes it away; nothing happens in a database that has no sequences. */
    static void set(SQLiteConnection connection, String table, OptionalLong sequence) throws SQLException {
        if (!exists(connection)) {
            return;
        }
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM main.sqlite_sequence WHERE name = ? COLLATE NOCASE")) {
            delete.setString(1, table);
            delete.executeUpdate();
        }
        if (sequence.isPresent()) {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO main.sqlite_sequence(name, seq) VALUES(?, ?)")) {
                insert.setString(1, table);
                insert.setLong(2, sequence.getAsLong());
                insert.executeUpdate();
            }
        }
    }

    private static boolean exists(SQLiteConnection connection) throws SQLException {
        return Connections.number(connection, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'")
                > 0;
    }
}
