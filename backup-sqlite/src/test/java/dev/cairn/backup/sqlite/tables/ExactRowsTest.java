package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TableDump;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random tables with random rows, captured, changed and restored; SQLite itself tells whether every bit is back. */
class ExactRowsTest {

    private static final List<String> ENCODINGS = List.of("UTF-8", "UTF-8", "UTF-16le", "UTF-16be");

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheRowsTheyComeBackAndGoAgain(long seed) throws Exception {
        Random random = new Random(seed);
        Path live = folder.resolve("app.db");
        List<RandomTable> tables =
                Stream.of(0, 1, 2).map(number -> RandomTable.of(random, number)).toList();
        String[] names = tables.stream().map(RandomTable::name).toArray(String[]::new);
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(
                    host,
                    "PRAGMA encoding='" + ENCODINGS.get(random.nextInt(ENCODINGS.size())) + "'",
                    "PRAGMA journal_mode=" + (random.nextBoolean() ? "wal" : "delete"),
                    "PRAGMA synchronous=OFF",
                    "CREATE TABLE numbered(id INTEGER PRIMARY KEY AUTOINCREMENT)",
                    "INSERT INTO numbered VALUES(77)");
            for (RandomTable table : tables) {
                TestDatabase.run(host, table.sql());
            }
            change(host, tables, random);
        }
        SqliteTablesDataset dataset = SqliteTablesDataset.of("state", live, names);
        String captured = dump(live, names);
        MemorySnapshot snapshot = MemorySnapshot.take(dataset, RecordingCaptureContext.in(folder.resolve("scratch")));
        DatasetPlan same = dataset.compare(snapshot);
        assertEquals(0, same.create() + same.replace() + same.remove(), () -> same.toString());

        try (Connection host = TestDatabase.open(live)) {
            change(host, tables, random);
        }
        String changed = dump(live, names);
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create("restore-1"));
        assertEquals(changed, dump(live, names), "staging changes nothing");
        staged.swap();
        assertEquals(captured, dump(live, names));
        assertEquals(same, dataset.compare(snapshot));
        staged.rollback();
        assertEquals(changed, dump(live, names));
        assertEquals("ok", TestDatabase.one(live, "PRAGMA integrity_check"));
    }

    static LongStream seeds() {
        return LongStream.range(0, 80);
    }

    private static String dump(Path live, String... names) throws Exception {
        String dump = TableDump.of(live, names) + TableDump.of(live, "sqlite_schema");
        List<String> sequences;
        try (Connection connection = TestDatabase.open(live)) {
            sequences =
                    TestDatabase.all(connection, "SELECT name || '=' || seq FROM sqlite_sequence ORDER BY name, seq");
        }
        assertTrue(sequences.contains("numbered=77"), "the sequence of a table that is not restored stays");
        return dump + sequences;
    }

    private static void change(Connection host, List<RandomTable> tables, Random random) throws Exception {
        TestDatabase.run(host, "BEGIN");
        for (RandomTable table : tables) {
            table.change(host, random, random.nextInt(60));
        }
        TestDatabase.run(host, "COMMIT");
    }
}
