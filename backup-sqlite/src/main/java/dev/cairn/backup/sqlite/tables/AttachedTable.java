package dev.cairn.backup.sqlite.tables;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.sqlite.SQLiteConnection;

/**
 * A table of a {@link RowFile} that is attached to a connection to the live database.
 *
 * @param name the live table's name
 * @param cells what its rows consist of, by the live table's names
 * @param header the header of a captured table; empty for rows that came from the live database
 * @param sequence the sequence to be set; empty for none
 */
record AttachedTable(String name, List<String> cells, Optional<String> header, OptionalLong sequence) {

    /** The name under which the file is attached. */
    static final String SCHEMA = "cairn_rows";

    /** All tables of the attached file. */
    static List<AttachedTable> all(SQLiteConnection connection) throws SQLException {
        List<AttachedTable> tables = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT name, header, sequence FROM " + SCHEMA + "."
                        + TableSql.quoted(RowFile.CONTENTS) + " ORDER BY rowid");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String name = row.getString(1);
                Optional<String> header = Optional.ofNullable(row.getString(2));
                long sequence = row.getLong(3);
                tables.add(new AttachedTable(
                        name,
                        cellsOf(connection, name),
                        header,
                        row.wasNull() ? OptionalLong.empty() : OptionalLong.of(sequence)));
            }
        }
        return tables;
    }

    String source() {
        return SCHEMA + "." + TableSql.quoted(name);
    }

    String target() {
        return "main." + TableSql.quoted(name);
    }

    private static List<String> cellsOf(SQLiteConnection connection, String table) throws SQLException {
        List<String> cells = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT name FROM pragma_table_info(?, '" + SCHEMA + "') ORDER BY cid")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    cells.add(row.getString(1));
                }
            }
        }
        return cells;
    }
}
