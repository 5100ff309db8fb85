package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.sqlite.live.Connections;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Rows of several tables in a SQLite database of their own, so that one statement moves a table. Its tables have the names and columns of the live ones but no
 * types, keys or rules: whatever is put in is kept as it is. {@link #CONTENTS} lists them.
 */
final class RowFile implements AutoCloseable {

    /** The table of tables: name, header (NULL for rows that came from the live database), sequence (NULL for none). */
    static final String CONTENTS = "cairn tables";

    private final Path file;
    private final SQLiteConnection connection;

    private RowFile(Path file, SQLiteConnection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Makes the file, which must not exist, in a folder that does.
     *
     * @param encoding of the live database; SQLite attaches no other
     */
    static RowFile create(Path file, TextEncoding encoding) throws SQLException, IOException {
        DurableFiles.writeNew(file, BlobContent.of(new byte[0]));
        SQLiteConnection connection = Connections.open(file, Duration.ZERO);
        boolean made = false;
        try {
            Connections.run(connection, "PRAGMA encoding='" + encoding.pragma() + "'");
            // A crash leaves half a file, which nobody takes for a whole one: no journal is needed, only the last
            // force.
            Connections.run(connection, "PRAGMA journal_mode=OFF");
            Connections.run(connection, "PRAGMA synchronous=FULL");
            Connections.run(connection, "CREATE TABLE " + TableSql.quoted(CONTENTS) + "(name, header, sequence)");
            made = true;
            return new RowFile(file, connection);
        } finally {
            if (!made) {
                Connections.closeQuietly(connection);
            }
        }
    }

    SQLiteConnection connection() {
        return connection;
    }

    void begin() throws SQLException {
        Connections.run(connection, "BEGIN");
    }

    /** Adds an empty table. */
    void add(String table, List<String> cells, @Nullable String header, OptionalLong sequence) throws SQLException {
        Connections.run(
                connection,
                "CREATE TABLE main." + TableSql.quoted(table) + "("
                        + cells.stream().map(TableSql::quoted).collect(Collectors.joining(", ")) + ")");
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO main." + TableSql.quoted(CONTENTS) + " VALUES(?, ?, ?)")) {
            insert.setString(1, table);
            insert.setString(2, header);
            insert.setObject(3, sequence.isPresent() ? (Object) sequence.getAsLong() : null);
            insert.executeUpdate();
        }
    }

    /** Makes all of it durable. */
    void commit() throws SQLException, IOException {
        Connections.run(connection, "COMMIT");
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            DurableFiles.forceDirectory(folder);
        }
    }

    @Override
    public void close() {
        Connections.closeQuietly(connection);
    }
}
