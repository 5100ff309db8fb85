package dev.cairn.backup.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Tables in words that tell every bit apart, by SQLite's own functions and not by what captures them. */
public final class TableDump {

    private TableDump() {}

    /** All rows of the tables with their rowids where they have some, sorted. */
    public static String of(Path file, String... tables) throws Exception {
        StringBuilder dump = new StringBuilder();
        try (Connection connection = TestDatabase.open(file)) {
            for (String table : tables) {
                List<String> rows = rows(connection, '"' + table + '"');
                rows.sort(null);
                dump.append(table)
                        .append(rows.size())
                        .append('\n')
                        .append(String.join("\n", rows))
                        .append('\n');
            }
        }
        return dump.toString();
    }

    private static List<String> rows(Connection connection, String table) throws Exception {
        boolean rowid = "0"
                .equals(TestDatabase.one(
                        connection,
                        "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = '" + table.replace("\"", "")
                                + "'"));
        List<String> columns = TestDatabase.all(
                connection,
                "SELECT '\"' || replace(name, '\"', '\"\"') || '\"' FROM pragma_table_xinfo(" + table + ")");
        StringBuilder cells = new StringBuilder(rowid ? "_rowid_" : "'none'");
        for (String column : columns) {
            cells.append(", typeof(" + column + "), hex(CAST(" + column + " AS BLOB)), " + column);
        }
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + cells + " FROM " + table)) {
            while (row.next()) {
                StringBuilder line = new StringBuilder(row.getString(1));
                for (int i = 0; i < columns.size(); i++) {
                    String type = row.getString(3 * i + 2);
                    line.append(' ').append(type).append(' ');
                    line.append(
                            type.equals("real")
                                    ? Long.toHexString(Double.doubleToRawLongBits(row.getDouble(3 * i + 4)))
                                    : row.getString(3 * i + 3));
                }
                rows.add(line.toString());
            }
        }
        return rows;
    }
}
