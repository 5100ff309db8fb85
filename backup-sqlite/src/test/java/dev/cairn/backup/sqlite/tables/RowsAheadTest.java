package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class RowsAheadTest {

    private static final int BLOCK = RowInserts.BATCH_ROWS;

    @TempDir
    Path folder;

    private String header;

    @BeforeEach
    void makeAHeader() throws Exception {
        Path live = folder.resolve("app.db");
        TestDatabase.run(live, "CREATE TABLE session(id INTEGER PRIMARY KEY, name)");
        header = TableTests.text(TableTests.take(SqliteTablesDataset.of("state", live, "session"), folder)
                .all()
                .get(0));
    }

    @Test
    void itReadsAFewBlocksAheadAndNothingAfterItsEnd() throws Exception {
        CountDownLatch ahead = new CountDownLatch(2 * BLOCK);
        EndlessRows rows = new EndlessRows(header, produced -> ahead.countDown());
        try (TableLines lines = lines(rows)) {
            RowsAhead reading = RowsAhead.of(lines);
            assertEquals(BLOCK, reading.next().size());
            ahead.await();
            reading.close();
            reading.close();
            long produced = rows.produced();
            // The parser itself reads 8000 bytes ahead, some 350 rows.
            assertTrue(produced <= 5 * BLOCK + 500, () -> produced + " rows");
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("cairn-table-reader")));
            assertEquals(produced, rows.produced());
        }
    }

    @Test
    void whatWasReadBeforeDamageIsHandedOutAndThenTheDamageIsTold() throws Exception {
        EndlessRows rows = new EndlessRows(header, produced -> {
            if (produced == 2 * BLOCK) {
                throw new DamagedSnapshotException(SnapshotId.of("snap-1"), "session.jsonl", "has rotted", null);
            }
        });
        try (TableLines lines = lines(rows);
                RowsAhead reading = RowsAhead.of(lines)) {
            assertThrows(DamagedSnapshotException.class, () -> {
                while (!reading.next().isEmpty()) {
                    // goes on to the damage
                }
            });
        }
    }

    private static TableLines lines(InputStream rows) throws Exception {
        return TableLines.open(
                SnapshotId.of("snap-1"), Entry.file(TablePath.of("session"), 1, EntryAttributes.NONE, () -> rows));
    }
}
