package dev.cairn.backup.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/** Updates of rows of a {@link MemoryDatabase} that lie anywhere, and what tells afterwards whether a copy has them. */
final class RowUpdates {

    private static final int BLOB_BYTES = 512;

    private RowUpdates() {}

    /**
     * What tells one state of a database from another.
     *
     * @param memories how many
     * @param marks sum of the marks that updates leave
     * @param characters of all texts
     */
    record Fingerprint(long memories, long marks, long characters) {}

    /** Replaces the blobs of that many random memories, each in a transaction of its own. */
    static void apply(Connection connection, long memories, int rows, long seed) throws SQLException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] blob = new byte[BLOB_BYTES];
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE memories SET embedding = ?, archived_at = ? WHERE rowid = ?")) {
            for (int i = 0; i < rows; i++) {
                random.nextBytes(blob);
                update.setBytes(1, blob);
                update.setLong(2, random.nextLong(1, 1L << 32));
                update.setLong(3, random.nextLong(1, memories + 1));
                update.executeUpdate();
            }
        }
    }

    static Fingerprint fingerprint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*), ifnull(sum(archived_at), 0), sum(length(content)) FROM memories")) {
            return new Fingerprint(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }
}
