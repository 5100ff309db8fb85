package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/** Makes a database like that of an assistant that remembers: text, an index, an FTS5 table and blobs. The same size gives the same content. */
final class MemoryDatabase {

    private static final int WORDS = 20_000;
    private static final int WORDS_PER_MEMORY = 60;
    private static final int BLOB_BYTES = 512;
    private static final int BATCH = 5_000;

    private final SplittableRandom random = new SplittableRandom(7);
    private final String[] words = new String[WORDS];

    private MemoryDatabase() {
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = random.nextInt(3, 11); length > 0; length--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            words[i] = word.toString();
        }
    }

    /** Makes the database unless it is there, and answers how many memories it has. */
    static long make(Path file, int megabytes) throws IOException, SQLException {
        if (Files.notExists(file)) {
            new MemoryDatabase().fill(file, megabytes * 1_000_000L);
        }
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT max(rowid) FROM memories")) {
            return row.getLong(1);
        }
    }

    /** A connection as a careful host sets it up. */
    static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=NORMAL");
            statement.execute("PRAGMA busy_timeout=5000");
        }
        return connection;
    }

    private void fill(Path file, long bytes) throws IOException, SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE memories(id TEXT PRIMARY KEY, created_at INTEGER, archived_at INTEGER, content TEXT, embedding BLOB)");
            statement.execute("CREATE INDEX m_created ON memories(created_at)");
            statement.execute("CREATE VIRTUAL TABLE fts USING fts5(content, content='memories')");
            statement.execute("CREATE TABLE counter(only INTEGER PRIMARY KEY, value INTEGER)");
            statement.execute("INSERT INTO counter VALUES(1, 0)");
            connection.setAutoCommit(false);
            for (long first = 1; Files.size(file) < bytes; first += BATCH) {
                batch(connection, first);
            }
            connection.setAutoCommit(true);
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private void batch(Connection connection, long first) throws SQLException {
        try (PreparedStatement memory = connection.prepareStatement("INSERT INTO memories VALUES(?, ?, NULL, ?, ?)");
                PreparedStatement text = connection.prepareStatement("INSERT INTO fts(rowid, content) VALUES(?, ?)")) {
            for (long id = first; id < first + BATCH; id++) {
                String content = content();
                byte[] embedding = new byte[BLOB_BYTES];
                random.nextBytes(embedding);
                memory.setString(1, String.format("%016x%016x", random.nextLong(), random.nextLong()));
                memory.setLong(2, id);
                memory.setString(3, content);
                memory.setBytes(4, embedding);
                memory.addBatch();
                text.setLong(1, id);
                text.setString(2, content);
                text.addBatch();
            }
            memory.executeBatch();
            text.executeBatch();
        }
        connection.commit();
    }

    private String content() {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < WORDS_PER_MEMORY; i++) {
            double exponential = -3_000 * Math.log(1 - random.nextDouble());
            content.append(words[(int) Math.min(exponential, WORDS - 1)]).append(' ');
        }
        return content.toString();
    }
}
