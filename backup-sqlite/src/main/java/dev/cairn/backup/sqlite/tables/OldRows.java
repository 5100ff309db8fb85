package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** Keeps the rows that a swap is about to replace. */
final class OldRows {

    private OldRows() {}

    /**
     * Copies the tables into a new file, durably. By a connection of its own, because in WAL mode SQLite commits the parts of a transaction over several
     * files one after the other (https://www.sqlite.org/lang_attach.html), and these rows must be safe before others take their place.
     *
     * @param locked holds the write lock and has changed nothing, so that the copy is what it will replace
     */
    static void keep(SQLiteConnection locked, List<TableSchema> tables, Path live, Path old)
            throws SQLException, IOException {
        Files.deleteIfExists(old);
        try (RowFile file = RowFile.create(old, TextEncoding.of(locked))) {
            SQLiteConnection connection = file.connection();
            Connections.run(connection, "ATTACH '" + Connections.uri(live) + "?mode=ro&cache=private' AS cairn_live");
            Connections.run(connection, "PRAGMA trusted_schema=OFF");
            file.begin();
            for (TableSchema table : tables) {
                file.add(table.name(), table.cells(), null, Sequences.of(locked, table.name()));
                String cells = TableSql.list(table.cells());
                Connections.run(
                        connection,
                        "INSERT INTO main." + TableSql.quoted(table.name()) + " SELECT " + cells + " FROM cairn_live."
                                + TableSql.quoted(table.name()) + " NOT INDEXED");
            }
            file.commit();
        }
    }
}
