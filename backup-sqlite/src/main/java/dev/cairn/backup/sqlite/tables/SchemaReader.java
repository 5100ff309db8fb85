package dev.cairn.backup.sqlite.tables;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** Reads how a table is made, and refuses what is no table of rows or cannot be brought back exactly. */
final class SchemaReader {

    /** The names by which a rowid is reached, unless a column has them (https://www.sqlite.org/lang_createtable.html#rowid). */
    private static final List<String> ROWID_NAMES = List.of("rowid", "_rowid_", "oid");

    private static final String WHOLE = "Capture the whole database with SqliteDataset";

    private final SQLiteConnection connection;

    SchemaReader(SQLiteConnection connection) {
        this.connection = connection;
    }

    /**
     * Looks a table up.
     *
     * @param name its name, whatever the case of its letters
     * @param suspendTriggers whether it may have triggers
     */
    TableLookup lookUp(String name, boolean suspendTriggers) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ? COLLATE NOCASE")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return refused("there is no table '" + name + "'", "Check the name, or create the table first");
                }
                String spelled = row.getString(1);
                String type = row.getString(2);
                if (!type.equals("table")) {
                    return refused("'" + spelled + "' is no ordinary table but a " + type, wayOut(type));
                }
                return read(spelled, row.getInt(3) != 0, row.getInt(4) != 0, suspendTriggers);
            }
        }
    }

    private TableLookup read(String name, boolean withoutRowid, boolean strict, boolean suspendTriggers)
            throws SQLException {
        List<String> triggers = SuspendedTriggers.namesOn(connection, name);
        if (!triggers.isEmpty() && !suspendTriggers) {
            return refused(
                    "table '" + name + "' has triggers (" + String.join(", ", triggers)
                            + "), which would fire, or be left out, as its rows are replaced",
                    "If what they maintain is in the named tables too or can be made anew, declare suspendTriggers(); else capture the whole database with SqliteDataset");
        }
        List<TableColumn> columns = columns(name);
        Optional<String> rowid = Optional.empty();
        if (!withoutRowid && !hasRowidColumn(name, columns)) {
            rowid = ROWID_NAMES.stream()
                    .filter(free -> columns.stream().noneMatch(column -> TableSql.sameName(column.name(), free)))
                    .findFirst();
            if (rowid.isEmpty()) {
                return refused(
                        "table '" + name
                                + "' has columns called rowid, _rowid_ and oid, so that its rowid cannot be read",
                        WHOLE);
            }
        }
        TableSchema schema = new TableSchema(name, sql(name), strict, withoutRowid, rowid, columns);
        Optional<String> unusable = triggers.isEmpty() ? uncompilable(schema) : Optional.empty();
        return unusable.isPresent()
                ? refused("table '" + name + "' cannot be written by Cairn: " + unusable.get(), WHOLE)
                : new TableLookup.Found(schema);
    }

    private static String wayOut(String type) {
        return switch (type) {
            case "view" -> "Name the tables that it reads";
            case "virtual" ->
                "Name the table that it indexes and build it anew after a restore, or capture the whole database with SqliteDataset";
            default -> WHOLE;
        };
    }

    private List<TableColumn> columns(String table) throws SQLException {
        List<TableColumn> columns = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0 ORDER BY cid")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    @Nullable String type = row.getString(2);
                    columns.add(new TableColumn(
                            row.getString(1),
                            type == null ? "" : type,
                            row.getInt(3) != 0,
                            row.getString(4),
                            row.getInt(5)));
                }
            }
        }
        return columns;
    }

    /** A primary key that is the rowid itself is the only one without an index of its own. */
    private boolean hasRowidColumn(String table, List<TableColumn> columns) throws SQLException {
        if (columns.stream().filter(column -> column.keyPosition() > 0).count() != 1) {
            return false;
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM pragma_index_list(?, 'main') WHERE origin = 'pk'")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                return !row.next();
            }
        }
    }

    private String sql(String table) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            }
        }
    }

    /** Why rows could never be put back: a collation or function that only the host has. Compiles and runs nothing. */
    private Optional<String> uncompilable(TableSchema table) {
        List<String> places = table.cells().stream().map(cell -> "?").toList();
        try {
            connection
                    .prepareStatement(TableSql.insert(table.name(), table.cells(), places))
                    .close();
            connection
                    .prepareStatement("DELETE FROM main." + TableSql.quoted(table.name()))
                    .close();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static TableLookup refused(String problem, String nextStep) {
        return new TableLookup.Refused(problem, nextStep);
    }
}
