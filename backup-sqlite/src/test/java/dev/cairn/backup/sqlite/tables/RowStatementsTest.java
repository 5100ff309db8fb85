package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.live.Connections;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

class RowStatementsTest {

    @TempDir
    Path folder;

    @Test
    void rowsOfEverySetOfColumnsWithIllFormedTextKeepTheirOrderAndFewStatementsStayCompiled() throws Exception {
        Path file = folder.resolve("rows.db");
        TestDatabase.run(file, "CREATE TABLE t(n, a, b, c, d, e, f, g, h)");
        List<String> cells = List.of("n", "a", "b", "c", "d", "e", "f", "g", "h");
        SQLiteConnection connection = Connections.open(file, Duration.ZERO);
        try (RowStatements statements = new RowStatements(connection, places -> TableSql.insert("t", cells, places));
                RowInserts inserts = new RowInserts(connection, places -> TableSql.insert("t", cells, places))) {
            Connections.run(connection, "BEGIN");
            for (int set = 0; set < 256; set++) {
                @Nullable Object[] row = new @Nullable Object[9];
                row[0] = (long) set;
                for (int i = 0; i < 8; i++) {
                    row[i + 1] = (set >> i & 1) == 0 ? "text" : new IllFormedText(new byte[] {-1, (byte) i});
                }
                statements.bound(row);
                assertTrue(statements.compiled() <= RowStatements.MOST_STATEMENTS + 1, () -> "after " + row[0]);
                inserts.add(row);
            }
            inserts.flush();
            Connections.run(connection, "COMMIT");
        } finally {
            Connections.closeQuietly(connection);
        }
        List<String> inOrder = new ArrayList<>();
        for (int set = 0; set < 256; set++) {
            inOrder.add(set + (set >> 7 == 0 ? "text" : "FF07"));
        }
        try (var host = TestDatabase.open(file)) {
            assertEquals(
                    inOrder,
                    TestDatabase.all(
                            host,
                            "SELECT n || CASE h WHEN 'text' THEN h ELSE hex(CAST(h AS BLOB)) END FROM t ORDER BY rowid"));
        }
    }

    @Test
    void whatAFullBatchAndTheRestHoldIsInserted() throws Exception {
        Path file = folder.resolve("rows.db");
        TestDatabase.run(file, "CREATE TABLE t(n, x)");
        SQLiteConnection connection = Connections.open(file, Duration.ZERO);
        int rows = 2 * RowInserts.BATCH_ROWS + 3;
        try (RowInserts inserts =
                new RowInserts(connection, places -> TableSql.insert("t", List.of("n", "x"), places))) {
            for (long n = 0; n < rows; n++) {
                inserts.add(new @Nullable Object[] {n, n == 5 ? new byte[RowInserts.BATCH_BYTES] : null});
                if (n == 5) {
                    assertEquals(
                            6, Connections.number(connection, "SELECT count(*) FROM t"), "a great row waits for none");
                }
            }
            inserts.flush();
        } finally {
            Connections.closeQuietly(connection);
        }
        assertEquals(rows + "", TestDatabase.one(file, "SELECT count(*) FROM t WHERE n = rowid - 1"));
    }
}
