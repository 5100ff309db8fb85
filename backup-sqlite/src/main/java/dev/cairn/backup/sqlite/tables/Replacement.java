package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.sqlite.SQLiteConnection;

/**
 * Gives live tables the rows of the attached file, and their sequences. The connection is inside a write transaction and has {@code foreign_keys} off, so
 * that no ON DELETE action reaches another table. No trigger fires.
 */
final class Replacement {

    private Replacement() {}

    /**
     * @param hadTheseRules tells by a table's name that the rows were in a table of the same rules. They go back even if a CHECK does not hold: the host may have put them in
     *     with {@code ignore_check_constraints}, or made the rule later
     */
    static void apply(SQLiteConnection connection, List<AttachedTable> tables, Predicate<String> hadTheseRules)
            throws SQLException {
        SuspendedTriggers triggers = SuspendedTriggers.of(
                connection, tables.stream().map(AttachedTable::name).toList());
        for (AttachedTable table : tables) {
            Connections.run(connection, "DELETE FROM " + table.target());
        }
        for (AttachedTable table : tables) {
            String cells = TableSql.list(table.cells());
            Connections.run(
                    connection, "PRAGMA ignore_check_constraints=" + (hadTheseRules.test(table.name()) ? "ON" : "OFF"));
            Connections.run(
                    connection,
                    "INSERT OR ABORT INTO " + table.target() + "(" + cells + ") SELECT " + cells + " FROM "
                            + table.source() + " NOT INDEXED");
            Sequences.set(connection, table.name(), table.sequence());
            requireAll(connection, table);
        }
        triggers.restore();
    }

    private static void requireAll(SQLiteConnection connection, AttachedTable table) throws SQLException {
        long wanted = Connections.number(connection, "SELECT count(*) FROM " + table.source());
        long written = Connections.number(connection, "SELECT count(*) FROM " + table.target());
        if (wanted != written) {
            throw new SQLException("table " + table.name() + " took " + written + " of " + wanted + " rows");
        }
    }
}
