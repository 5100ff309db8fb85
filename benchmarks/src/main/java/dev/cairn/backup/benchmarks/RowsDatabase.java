package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/** A database with one table of many short rows, such as a host keeps its projections in. The same number gives the same rows. */
final class RowsDatabase {

    /** The table. */
    static final String TABLE = "sessions";

    private static final String SCHEMA = "CREATE TABLE " + TABLE
            + "(id INTEGER PRIMARY KEY, source TEXT, title TEXT, state TEXT, weight REAL, digest BLOB)";
    private static final int DIGEST_BYTES = 32;
    private static final int BATCH = 10_000;

    private RowsDatabase() {}

    /**
     * What tells one content of the table from another.
     *
     * @param rows how many
     * @param ids their sum
     * @param weights their sum
     * @param characters of all texts
     * @param digits sum of one digit of each digest, weighted by its row
     */
    record Fingerprint(long rows, long ids, double weights, long characters, long digits) {}

    /** Makes the database with its table unless it is there. */
    static void make(Path file, int rows) throws IOException, SQLException {
        if (Files.exists(file)) {
            return;
        }
        try (Connection connection = MemoryDatabase.connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            connection.setAutoCommit(false);
            fill(connection, rows);
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private static void fill(Connection connection, int rows) throws SQLException {
        SplittableRandom random = new SplittableRandom(11);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + TABLE + " VALUES(?, ?, ?, ?, ?, ?)")) {
            for (int id = 1; id <= rows; id++) {
                byte[] digest = new byte[DIGEST_BYTES]; // One a row: a batch keeps the array, not its bytes.
                random.nextBytes(digest);
                insert.setLong(1, id);
                insert.setString(2, "source-" + random.nextInt(200));
                insert.setString(3, "Session " + Long.toString(random.nextLong(1L << 50), 36) + " of it's owner");
                insert.setString(4, random.nextInt(10) == 0 ? "archived" : "active");
                insert.setDouble(5, random.nextDouble());
                insert.setBytes(6, digest);
                insert.addBatch();
                if (id % BATCH == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
    }

    static Fingerprint fingerprint(Path file) throws SQLException {
        try (Connection connection = MemoryDatabase.connect(file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*), ifnull(sum(id), 0), total(weight), ifnull(sum(length(source) + length(title) + length(state)), 0), ifnull(sum(id % 1009 * unicode(substr(hex(digest), 1 + id % 64, 1))), 0) FROM "
                                + TABLE)) {
            return new Fingerprint(row.getLong(1), row.getLong(2), row.getDouble(3), row.getLong(4), row.getLong(5));
        }
    }
}
