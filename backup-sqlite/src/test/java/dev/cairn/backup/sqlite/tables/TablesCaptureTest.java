package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class TablesCaptureTest {

    @TempDir
    Path folder;

    private Path live;

    @BeforeEach
    void makeADatabase() throws Exception {
        live = folder.resolve("app.db");
        TestDatabase.run(live, "PRAGMA journal_mode=WAL");
    }

    @Test
    void aTableIsReadAsLinesInTheOrderOfItsKey() throws Exception {
        TestDatabase.run(
                live,
                "CREATE TABLE pane(id TEXT PRIMARY KEY, title DEFAULT 'none', n INTEGER, twice AS (n * 2)) WITHOUT ROWID",
                "INSERT INTO pane VALUES('b', x'00ff', 2), ('a', 'one', 1.5)");
        MemorySnapshot snapshot = TableTests.take(tables("pane"), folder);
        Entry entry = snapshot.all().get(0);
        assertEquals("pane.jsonl", entry.path().value());
        List<String> lines = TableTests.text(entry).lines().toList();
        assertTrue(
                lines.get(0).startsWith("{\"format\":\"cairn-table\",\"version\":1,\"table\":\"pane\""), lines.get(0));
        assertEquals(List.of("[\"a\",\"one\",1.5]", "[\"b\",{\"blob\":\"AP8=\"},2]"), lines.subList(1, 3));
        assertEquals(Map.of("pane", 2L), snapshot.summary().counts());
    }

    @Test
    void rowsAreCountedUnderTheGivenNames() throws Exception {
        TestDatabase.run(
                live, "CREATE TABLE session_state_v2(k)", "CREATE TABLE Pane(k)", "INSERT INTO pane VALUES(1), (2)");
        SqliteTablesDataset dataset = tables("session_state_v2", "PANE").countedAs("SESSION_state_v2", "sessions");
        assertEquals(
                Map.of("sessions", 0L, "Pane", 2L),
                TableTests.take(dataset, folder).summary().counts());
        assertThrows(InvalidValueException.class, () -> dataset.countedAs("pane", "sessions"));
        // The configured name is PANE, the schema's is Pane, and that is what it is counted as.
        assertThrows(InvalidValueException.class, () -> dataset.countedAs("session_state_v2", "Pane"));
        assertThrows(InvalidValueException.class, () -> dataset.countedAs("other", "others"));
    }

    @Test
    void allTablesAreOfOneInstantWhileWritersGoOn() throws Exception {
        TestDatabase.run(
                live,
                "CREATE TABLE one(id INTEGER PRIMARY KEY, n)",
                "CREATE TABLE two(id INTEGER PRIMARY KEY, n)",
                "INSERT INTO one VALUES(1, 0)",
                "INSERT INTO two VALUES(1, 0)");
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch wrote = new CountDownLatch(20);
        Thread writer = new Thread(() -> {
            try (Connection host = TestDatabase.open(live)) {
                TestDatabase.run(host, "PRAGMA synchronous=OFF");
                while (!stop.get()) {
                    TestDatabase.run(
                            host, "BEGIN IMMEDIATE", "UPDATE one SET n = n + 1", "UPDATE two SET n = n + 1", "COMMIT");
                    wrote.countDown();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        try {
            wrote.await();
            for (int i = 0; i < 30; i++) {
                List<Entry> entries =
                        TableTests.take(tables("one", "two"), folder).all();
                String first = TableTests.text(entries.get(0))
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow();
                assertEquals(
                        first,
                        TableTests.text(entries.get(1))
                                .lines()
                                .skip(1)
                                .findFirst()
                                .orElseThrow());
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void aHundredThousandRowsAreNeverHeldAtOnce() throws Exception {
        TestDatabase.run(
                live,
                "CREATE TABLE t(id INTEGER PRIMARY KEY, text)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                        + " INSERT INTO t SELECT i, 'text of row ' || i FROM n");
        try (PreparedCapture prepared = tables("t").prepare(capturing()).orElseThrow();
                FrozenView view = prepared.freeze();
                EntryCursor entries = view.entries()) {
            Entry table = entries.next();
            try (InputStream whole = table.content().open();
                    InputStream cut = table.content().open()) {
                assertTrue(cut.read() >= 0);
                long bytes = 0;
                long lines = 0;
                byte[] piece = new byte[8192];
                for (int n = whole.read(piece); n > 0; n = whole.read(piece)) {
                    bytes += n;
                    for (int i = 0; i < n; i++) {
                        lines += piece[i] == '\n' ? 1 : 0;
                    }
                }
                assertEquals(100_001, lines);
                assertTrue(bytes > 2_000_000);
                // What can still be read once the pin is gone is all that the stream has in memory.
                Runnable unpin = view::close;
                unpin.run();
                long[] held = {0};
                assertThrows(IOException.class, () -> {
                    while (cut.read() >= 0) {
                        held[0]++;
                    }
                });
                assertTrue(held[0] < 70_000, () -> held[0] + " bytes were held");
            }
        }
    }

    @Test
    void aRowThatIsTooGreatFailsTheSnapshotByName() throws Exception {
        TestDatabase.run(live, "CREATE TABLE t(x)", "INSERT INTO t VALUES(zeroblob(17000000))");
        SourceException refused = assertThrows(SourceException.class, () -> TableTests.take(tables("t"), folder));
        assertTrue(
                refused.getMessage().contains("table 't'")
                        && refused.getMessage().contains("16777216"),
                refused.getMessage());
    }

    @Test
    void aRowOfManyGreatValuesIsTooGreatToo() throws Exception {
        TestDatabase.run(live, "CREATE TABLE t(x, y)", "INSERT INTO t VALUES(zeroblob(9000000), zeroblob(9000000))");
        SourceException refused = assertThrows(SourceException.class, () -> TableTests.take(tables("t"), folder));
        assertTrue(refused.getMessage().contains("16777216"), refused.getMessage());
    }

    @Test
    void anEntrysNameDoesNotDependOnWhatAJdkTakesForALetter() throws Exception {
        TestDatabase.run(live, "CREATE TABLE \"Größe/1\"(x)");
        MemorySnapshot snapshot = TableTests.take(tables("Größe/1"), folder);
        assertEquals("Gr%c3%b6%c3%9fe%2f1.jsonl", snapshot.all().get(0).path().value());
        TableTests.restore(tables("Größe/1"), snapshot);
    }

    @Test
    void aRowThatIsJustNotTooGreatComesBack() throws Exception {
        TestDatabase.run(live, "CREATE TABLE t(x)", "INSERT INTO t VALUES(randomblob(16000000))");
        String before = TestDatabase.one(live, "SELECT hex(substr(x, 15999990)) || length(x) FROM t");
        MemorySnapshot snapshot = TableTests.take(tables("t"), folder);
        TestDatabase.run(live, "DELETE FROM t");
        TableTests.restore(tables("t"), snapshot);
        assertEquals(before, TestDatabase.one(live, "SELECT hex(substr(x, 15999990)) || length(x) FROM t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none      | SELECT 1                                             | there is no table 'none'",
                "v         | CREATE VIEW v AS SELECT 1                            | no ordinary table but a view",
                "words     | CREATE VIRTUAL TABLE words USING fts5(x)             | no ordinary table but a virtual",
                "words_data| CREATE VIRTUAL TABLE words USING fts5(x)             | no ordinary table but a shadow",
                "t         | CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END | has triggers (tr)",
                "alien     | UPDATE sqlite_schema SET sql = replace(sql, 'typeof', 'hosts') WHERE name = 'alien' | unknown function: hosts()",
                "r         | CREATE TABLE r(rowid, oid, _rowid_)                  | its rowid cannot be read"
            })
    void whatCannotBeBroughtBackIsRefusedByName(String table, String sql, String words) throws Exception {
        TestDatabase.run(live, "CREATE TABLE t(x)");
        // SQLite makes no table whose function it does not know; the host's own connection would.
        TestDatabase.run(
                live,
                "CREATE TABLE alien(a CHECK (typeof(a)))",
                "PRAGMA writable_schema=" + (table.equals("alien") ? "ON" : "OFF"),
                sql);
        SourceException refused =
                assertThrows(SourceException.class, () -> tables(table).prepare(capturing()));
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        assertTrue(refused.getMessage().contains("'" + table + "'"), refused.getMessage());
    }

    @Test
    void namesThatCannotBeRightAreRefusedAtOnce() {
        for (String[] names : new String[][] {
            {}, {""}, {"a", "A"}, {"sqlite_sequence"}, {"SQLite_stat1"}, {"x\0"}, {"x".repeat(129)}, {"cairn tables"}
        }) {
            assertThrows(InvalidValueException.class, () -> SqliteTablesDataset.of("state", live, names));
        }
        assertThrows(InvalidValueException.class, () -> SqliteTablesDataset.of(".x", live, "t"));
        assertThrows(InvalidValueException.class, () -> tables("t").busyTimeout(Duration.ofMinutes(11)));
    }

    @Test
    void aHostThatKeepsTheDatabaseForItselfFailsTheSnapshotByName() throws Exception {
        TestDatabase.run(live, "CREATE TABLE t(x)");
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "PRAGMA locking_mode=EXCLUSIVE", "INSERT INTO t VALUES(1)");
            SourceException refused =
                    assertThrows(SourceException.class, () -> tables("t").prepare(capturing()));
            assertTrue(refused.getMessage().contains("locking_mode=EXCLUSIVE"), refused.getMessage());
        }
    }

    private SqliteTablesDataset tables(String... names) {
        return SqliteTablesDataset.of("state", live, names).busyTimeout(Duration.ofMillis(100));
    }

    private RecordingCaptureContext capturing() {
        return RecordingCaptureContext.in(folder.resolve("scratch"));
    }
}
