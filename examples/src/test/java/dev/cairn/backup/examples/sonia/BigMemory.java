package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of a size, most of it embeddings that cannot be compressed, as a real one has. */
final class BigMemory {

    private static final int EMBEDDING = 16 * 1024;

    private BigMemory() {}

    /** Makes it, closed and complete in its main file. */
    static void make(Path database, int megabytes) throws SQLException {
        MemoryDatabase memory = new MemoryDatabase(database);
        memory.open();
        memory.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous=OFF");
            statement.execute("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < "
                    + (megabytes * 1024L * 1024 / EMBEDDING)
                    + ") INSERT INTO memories(id, content, created_at, embedding)"
                    + " SELECT 'mem_' || i, 'the user likes number ' || i, '2026-01-01 00:00:00', randomblob("
                    + (EMBEDDING - 100) + ") FROM n");
        }
    }
}
