package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * Triggers that are away while a transaction replaces rows. The driver does not offer SQLite's switch for them (SQLITE_DBCONFIG_ENABLE_TRIGGER), so
 * they are dropped and made again, word for word, within the one transaction: no other connection ever sees the database without them.
 */
final class SuspendedTriggers {

    private final SQLiteConnection connection;
    private final List<Trigger> triggers;

    private SuspendedTriggers(SQLiteConnection connection, List<Trigger> triggers) {
        this.connection = connection;
        this.triggers = triggers;
    }

    /** The names of a table's triggers in the order of the schema. */
    static List<String> namesOn(SQLiteConnection connection, String table) throws SQLException {
        return on(connection, table).stream().map(Trigger::name).toList();
    }

    /** Drops the tables' triggers; for a connection inside a write transaction. */
    static SuspendedTriggers of(SQLiteConnection connection, List<String> tables) throws SQLException {
        List<Trigger> all = new ArrayList<>();
        for (String table : tables) {
            all.addAll(on(connection, table));
        }
        for (Trigger trigger : all) {
            Connections.run(connection, "DROP TRIGGER main." + TableSql.quoted(trigger.name()));
        }
        return new SuspendedTriggers(connection, all);
    }

    /**
     * Makes them again.
     *
     * @throws SQLException if one is not what it was; the transaction must then be rolled back
     */
    void restore() throws SQLException {
        for (Trigger trigger : triggers) {
            Connections.run(connection, trigger.sql());
        }
        for (Trigger trigger : triggers) {
            if (!on(connection, trigger.table()).contains(trigger)) {
                throw new SQLException("trigger " + trigger.name() + " could not be made again as it was");
            }
        }
    }

    private static List<Trigger> on(SQLiteConnection connection, String table) throws SQLException {
        List<Trigger> triggers = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE"
                        + " ORDER BY rowid")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    triggers.add(new Trigger(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
        }
        return triggers;
    }

    private record Trigger(String name, String table, String sql) {}
}
