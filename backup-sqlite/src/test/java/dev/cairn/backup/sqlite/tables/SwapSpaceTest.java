package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.FreeSpace;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

class SwapSpaceTest {

    @TempDir
    Path folder;

    private Path live;

    @BeforeEach
    void makeADatabase() throws Exception {
        live = folder.resolve("app.db");
        TestDatabase.run(
                live,
                "CREATE TABLE t(x)",
                "CREATE INDEX i ON t(length(x))",
                "CREATE TABLE other(x)",
                "INSERT INTO t VALUES(zeroblob(1000000))",
                "INSERT INTO other VALUES(zeroblob(5000000))");
    }

    @Test
    void theTablesAndTheirIndexesAreCountedAndNothingElse() throws Exception {
        SQLiteConnection connection = Connections.open(live, Duration.ZERO);
        try {
            AttachedTable table = new AttachedTable("T", List.of("x"), Optional.empty(), OptionalLong.empty());
            long bytes = SwapSpace.bytesOf(connection, List.of(table));
            assertTrue(bytes > 1_000_000 + 4096 && bytes < 1_100_000, () -> bytes + " bytes");
        } finally {
            Connections.closeQuietly(connection);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheFiguresAndTheWayOut() throws Exception {
        assertTrue(FreeSpace.fits(live, 0));
        StoreException full = assertThrows(
                StoreException.class, () -> FreeSpace.require(live, Long.MAX_VALUE / 2, SwapSpace.NEXT_STEP));
        assertEquals(StoreException.Reason.FULL, full.reason());
        assertTrue(full.getMessage().contains(folder.toString()), full.getMessage());
        assertTrue(full.getMessage().contains("-rows-"), full.getMessage());
    }

    @Test
    void aTableThatDoesNotFitIsNotEvenRead() throws Exception {
        SqliteTablesDataset dataset = SqliteTablesDataset.of("state", live, "t");
        MemorySnapshot snapshot = TableTests.take(dataset, folder);
        Entry vast = Entry.file(snapshot.all().get(0).path(), Long.MAX_VALUE / 2, EntryAttributes.NONE, () -> {
            throw new AssertionError("opened");
        });
        StoreException full = assertThrows(
                StoreException.class,
                () -> dataset.stage(TableTests.reader(snapshot, vast), MapStageContext.create("restore-1")));
        assertEquals(StoreException.Reason.FULL, full.reason());
        assertTrue(Files.notExists(folder.resolve(".cairn-restore-1-state")), "nothing stays behind");
    }
}
