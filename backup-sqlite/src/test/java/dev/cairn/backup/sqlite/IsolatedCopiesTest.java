package dev.cairn.backup.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases and tables that are restored into a private folder for a drill. */
class IsolatedCopiesTest {

    @TempDir
    Path temp;

    private Path live;
    private Path room;

    @BeforeEach
    void makePlaces() {
        live = temp.resolve("app.db");
        room = temp.resolve("room");
    }

    private void fill(String encoding) throws Exception {
        TestDatabase.run(
                live,
                "PRAGMA encoding='" + encoding + "'",
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE parent(id INTEGER PRIMARY KEY)",
                "CREATE TABLE child(id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER REFERENCES parent(id),"
                        + " name TEXT, upper TEXT GENERATED ALWAYS AS (upper(name)))",
                "CREATE TABLE pair(a TEXT, b TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID, STRICT",
                "CREATE TABLE other(what)",
                "INSERT INTO parent VALUES(1)",
                "INSERT INTO child(parent, name) VALUES(1, 'one'), (1, 'zwölf'), (NULL, NULL)",
                "INSERT INTO pair VALUES('a', 'b'), ('c', 'd')",
                "INSERT INTO other VALUES('not named')");
    }

    private MemorySnapshot take(Dataset dataset) {
        return MemorySnapshot.take(dataset, RecordingCaptureContext.in(temp.resolve("scratch")));
    }

    private static void restore(Dataset dataset, MemorySnapshot snapshot) {
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create("drill-1"));
        staged.swap();
        staged.finish();
    }

    private static void turnABit(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
        }
    }

    @Test
    void aDatabaseIsRestoredBesideTheLiveOneThatStaysOpen() throws Exception {
        fill("UTF-8");
        SqliteDataset dataset = SqliteDataset.of("app", live).integrityCheck(IntegrityCheck.FULL);
        MemorySnapshot snapshot = take(dataset);
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "DELETE FROM child");
            Dataset copy = dataset.isolated(room.resolve("app")).orElseThrow();
            restore(copy, snapshot);
            assertEquals(List.of(), copy.differences(snapshot));
            assertEquals("3", TestDatabase.one(room.resolve("app/app.db"), "SELECT count(*) FROM child"));
            assertEquals("0", TestDatabase.one(host, "SELECT count(*) FROM child"));
        }
        assertTrue(copyless(dataset), "a copy is not protected continuously");
    }

    private boolean copyless(SqliteDataset dataset) {
        return dataset.continuous(ContinuousProtection.defaults())
                .isolated(room.resolve("again"))
                .orElseThrow()
                .continuousSource()
                .isEmpty();
    }

    @Test
    void aBitAnywhereInADatabaseIsADifference() throws Exception {
        fill("UTF-8");
        SqliteDataset dataset = SqliteDataset.of("app", live);
        MemorySnapshot snapshot = take(dataset);
        Dataset copy = dataset.isolated(room.resolve("app")).orElseThrow();
        restore(copy, snapshot);
        Path file = room.resolve("app/app.db");
        long middle = Files.size(file) / 2 + 100; // In a page, where no structure is: SQLite would not notice.
        turnABit(file, middle);
        assertEquals(
                List.of(file.toRealPath() + " differs from the snapshot at byte " + middle),
                copy.differences(snapshot));
        turnABit(file, middle);
        Files.write(room.resolve("app/app.db-wal"), new byte[] {1});
        assertTrue(copy.differences(snapshot).get(0).contains("-wal lies beside"));
        Files.delete(file);
        assertTrue(copy.differences(snapshot).get(0).endsWith("is missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16le"})
    void tablesAreRestoredIntoADatabaseMadeOfWhatTheSnapshotSays(String encoding) throws Exception {
        fill(encoding);
        SqliteTablesDataset dataset = SqliteTablesDataset.of("tables", live, "child", "pair");
        MemorySnapshot snapshot = take(dataset);
        Files.delete(live); // On the day when it is needed the live database may be gone.
        Dataset copy = dataset.isolated(room.resolve("tables")).orElseThrow();
        restore(copy, snapshot);
        assertEquals(List.of(), copy.differences(snapshot));
        Path file = room.resolve("tables/app.db");
        assertEquals("ONE,ZWöLF", TestDatabase.one(file, "SELECT group_concat(upper) FROM child"));
        assertEquals("2", TestDatabase.one(file, "SELECT count(*) FROM pair"));
        assertEquals(encoding, TestDatabase.one(file, "PRAGMA encoding"));
        assertEquals(
                "0", TestDatabase.one(file, "SELECT count(*) FROM sqlite_schema WHERE name IN ('parent', 'other')"));
        assertFalse(Files.exists(live));
    }

    @Test
    void aRowThatIsMissingOrOtherIsADifference() throws Exception {
        fill("UTF-8");
        SqliteTablesDataset dataset = SqliteTablesDataset.of("tables", live, "child", "pair");
        MemorySnapshot snapshot = take(dataset);
        Dataset copy = dataset.isolated(room.resolve("tables")).orElseThrow();
        restore(copy, snapshot);
        TestDatabase.run(
                room.resolve("tables/app.db"),
                "UPDATE child SET name = 'two' WHERE id = 1",
                "DELETE FROM pair WHERE a = 'c'");
        assertEquals(
                List.of(
                        "child: create 0, replace 1, remove 0, keep 2 rows",
                        "pair: create 1, replace 0, remove 0, keep 1 rows"),
                copy.differences(snapshot));
        TestDatabase.run(room.resolve("tables/app.db"), "DROP TABLE pair");
        assertTrue(
                copy.differences(snapshot).stream().anyMatch(found -> found.contains("would be refused")),
                () -> copy.differences(snapshot).toString());
    }
}
