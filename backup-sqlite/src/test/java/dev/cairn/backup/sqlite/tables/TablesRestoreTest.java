package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TableDump;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class TablesRestoreTest {

    @TempDir
    Path folder;

    private Path live;

    @BeforeEach
    void makeADatabase() throws Exception {
        live = folder.resolve("app.db");
        TestDatabase.run(
                live,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE session(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE ON CONFLICT IGNORE)",
                "CREATE INDEX by_name ON session(name DESC)",
                "CREATE TABLE pane(k TEXT, n, session REFERENCES session(id) ON DELETE CASCADE, PRIMARY KEY(k, n)) WITHOUT ROWID",
                "CREATE TABLE link(session REFERENCES session(id) ON DELETE CASCADE)",
                "CREATE TABLE audit(what)",
                "INSERT INTO session VALUES(1, 'one'), (9, 'nine')",
                "DELETE FROM session WHERE id = 9",
                "INSERT INTO pane VALUES('p', 1, 1), ('p', 2, 1)",
                "INSERT INTO link VALUES(1)",
                "INSERT INTO audit VALUES('first')");
    }

    @Test
    void onlyTheNamedTablesGoBack() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        String before = TableDump.of(live, "session", "pane", "sqlite_sequence", "sqlite_schema");
        TestDatabase.run(
                live,
                "UPDATE session SET name = 'changed'",
                "INSERT INTO session(name) VALUES('ten')",
                "DELETE FROM pane WHERE n = 2",
                "INSERT INTO audit VALUES('second')");
        try (Connection host = TestDatabase.open(live)) {
            assertEquals("2", TestDatabase.one(host, "SELECT count(*) FROM session"));
            TableTests.restore(state(), snapshot);
            assertEquals(
                    "one", TestDatabase.one(host, "SELECT group_concat(name) FROM session"), "connections stay open");
            TestDatabase.run(host, "INSERT INTO session(name) VALUES('next')");
            assertEquals("10", TestDatabase.one(host, "SELECT max(id) FROM session"), "the sequence is back too");
            TestDatabase.run(host, "DELETE FROM session WHERE id = 10", "UPDATE sqlite_sequence SET seq = 9");
        }
        assertEquals(before, TableDump.of(live, "session", "pane", "sqlite_sequence", "sqlite_schema"));
        assertEquals("first,second", TestDatabase.one(live, "SELECT group_concat(what) FROM audit"));
        assertEquals("1", TestDatabase.one(live, "SELECT count(*) FROM link"), "no ON DELETE action ran");
        assertEquals("ok", TestDatabase.one(live, "PRAGMA integrity_check"));
        Path kept = folder.resolve("app-state-rows-20260102-030405.db");
        assertEquals("changed,ten", TestDatabase.one(kept, "SELECT group_concat(name) FROM session"));
    }

    @Test
    void aReferenceThatTheRestoreWouldBreakRollsItBackAndNamesTheRow() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        TestDatabase.run(
                live,
                "INSERT INTO link VALUES(4711)", // broken already, and the host's own affair
                "INSERT INTO session(id, name) VALUES(20, 'new')",
                "INSERT INTO link VALUES(20)");
        String before = TableDump.of(live, "session", "pane", "link");
        StagedRestore staged = state().stage(snapshot, MapStageContext.create("restore-1"));
        RestoreRefusedException refused = assertThrows(RestoreRefusedException.class, staged::swap);
        assertTrue(
                refused.getMessage().contains("row 3 of link refers to what is not in session"), refused.getMessage());
        assertEquals(before, TableDump.of(live, "session", "pane", "link"));
        TestDatabase.run(live, "DELETE FROM link WHERE session = 20");
        staged.swap();
        assertEquals("1", TestDatabase.one(live, "SELECT count(*) FROM session"));
        staged.rollback();
        assertEquals("2", TestDatabase.one(live, "SELECT count(*) FROM session"));
    }

    @Test
    void triggersDoNotFireAndAreAsTheyWere() throws Exception {
        TestDatabase.run(
                live,
                "CREATE TRIGGER \"on new\"  AFTER INSERT ON session BEGIN INSERT INTO audit VALUES('new ' || new.id); END",
                "CREATE TRIGGER gone BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'never'); END");
        MemorySnapshot snapshot = TableTests.take(state().suspendTriggers(), folder);
        String before = TableDump.of(live, "session", "audit");
        String triggers =
                TestDatabase.one(live, "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'");
        assertThrows(
                RestoreRefusedException.class,
                () -> state().stage(snapshot, MapStageContext.create("restore-1")),
                "not declared");
        TableTests.restore(state().suspendTriggers(), snapshot);
        assertEquals(before, TableDump.of(live, "session", "audit"));
        assertEquals(
                triggers,
                TestDatabase.one(live, "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'"));
        TestDatabase.run(live, "INSERT INTO session VALUES(50, 'fifty')");
        assertEquals("new 50", TestDatabase.one(live, "SELECT what FROM audit ORDER BY rowid DESC"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE session RENAME COLUMN name TO title      | no column 'name'",
                "ALTER TABLE session RENAME TO old_session            | there is no table 'session'",
                "ALTER TABLE session ADD COLUMN must NOT NULL DEFAULT 1; PRAGMA writable_schema=ON;"
                        + " UPDATE sqlite_schema SET sql = replace(sql, ' DEFAULT 1', '') WHERE name = 'session' | new column 'must' that is NOT NULL",
                "DROP TABLE session; CREATE TABLE session(id INTEGER PRIMARY KEY, name INTEGER) | column 'name' as INTEGER instead of TEXT",
                "DROP TABLE session; CREATE TABLE session(id INTEGER, name TEXT PRIMARY KEY)    | primary key [name] instead of [id]",
                "DROP TABLE session; CREATE TABLE session(id INTEGER PRIMARY KEY, name TEXT) WITHOUT ROWID | is WITHOUT ROWID now",
                "DROP TABLE session; CREATE TABLE session(id INTEGER PRIMARY KEY, name TEXT) STRICT        | is STRICT now",
                "DROP TABLE session; CREATE TABLE session(id INTEGER PRIMARY KEY, name AS ('x'))           | no column 'name'"
            })
    void aTableThatIsMadeInAnotherWayIsRefusedAndNotCalledDamaged(String sql, String words) throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        TestDatabase.run(live, sql.split("; ?"));
        var names = Files.list(folder).map(Path::toString).sorted().toList();
        RestoreRefusedException refused = assertThrows(
                RestoreRefusedException.class, () -> state().stage(snapshot, MapStageContext.create("restore-1")));
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
        assertEquals(names, Files.list(folder).map(Path::toString).sorted().toList(), "nothing stays behind");
        DatasetPlan plan = state().compare(snapshot);
        assertTrue(plan.warnings().stream().anyMatch(warning -> warning.contains(words)), plan.toString());
    }

    @Test
    void aSchemaThatDriftsBetweenStageAndSwapIsRefusedUnderTheLock() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        StagedRestore staged = state().stage(snapshot, MapStageContext.create("restore-1"));
        TestDatabase.run(live, "ALTER TABLE session RENAME COLUMN name TO title");
        assertThrows(RestoreRefusedException.class, staged::swap);
        staged.rollback();
        assertEquals("one", TestDatabase.one(live, "SELECT title FROM session"));
    }

    @Test
    void aNewColumnGetsItsDefaultAndComesBackWithARollback() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        TestDatabase.run(
                live, "ALTER TABLE session ADD COLUMN mood TEXT DEFAULT 'calm'", "UPDATE session SET mood = 'wild'");
        StagedRestore staged = state().stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        assertEquals("calm", TestDatabase.one(live, "SELECT mood FROM session"));
        staged.rollback();
        assertEquals("wild", TestDatabase.one(live, "SELECT mood FROM session"));
    }

    @Test
    void aSnapshotOfOtherTablesIsRefused() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        for (String[] names : new String[][] {{"session"}, {"session", "pane", "audit"}}) {
            RestoreRefusedException refused = assertThrows(
                    RestoreRefusedException.class,
                    () -> SqliteTablesDataset.of("state", live, names)
                            .stage(snapshot, MapStageContext.create("restore-1")));
            assertTrue(refused.getMessage().contains(names.length == 1 ? "also holds [pane]" : "lacks [audit]"));
        }
    }

    @Test
    void rowsThatBreakARuleThatWasAddedSinceAreRefused() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        TestDatabase.run(
                live,
                "DROP TABLE session",
                "CREATE TABLE session(id INTEGER PRIMARY KEY, name TEXT CHECK (name <> 'one'))");
        StagedRestore staged = state().stage(snapshot, MapStageContext.create("restore-1"));
        RestoreRefusedException refused = assertThrows(RestoreRefusedException.class, staged::swap);
        assertTrue(refused.getMessage().contains("CHECK constraint failed"), refused.getMessage());
        staged.rollback();
        assertEquals("2", TestDatabase.one(live, "SELECT count(*) FROM pane"));
    }

    @Test
    void rowsThatBrokeARuleAsTheyWereCapturedComeBackAndSoDoOldOnes() throws Exception {
        TestDatabase.run(
                live,
                "CREATE TABLE ruled(n CHECK (n < 10))",
                "PRAGMA ignore_check_constraints=ON",
                "INSERT INTO ruled VALUES(99)");
        SqliteTablesDataset ruled = SqliteTablesDataset.of("state", live, "ruled");
        MemorySnapshot snapshot = TableTests.take(ruled, folder);
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "PRAGMA ignore_check_constraints=ON", "UPDATE ruled SET n = 77");
        }
        StagedRestore staged = ruled.stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        assertEquals("99", TestDatabase.one(live, "SELECT n FROM ruled"));
        staged.rollback();
        assertEquals("77", TestDatabase.one(live, "SELECT n FROM ruled"));
    }

    @Test
    void aColumnThatGetsTheHiddenRowidsNameBetweenStageAndSwapDoesNotGetTheRowids() throws Exception {
        TestDatabase.run(live, "CREATE TABLE plain(x)", "INSERT INTO plain(rowid, x) VALUES(42, 'a')");
        SqliteTablesDataset plain = SqliteTablesDataset.of("state", live, "plain");
        StagedRestore staged = plain.stage(TableTests.take(plain, folder), MapStageContext.create("restore-1"));
        TestDatabase.run(
                live,
                "DROP TABLE plain",
                "CREATE TABLE plain(x, rowid)",
                "INSERT INTO plain(_rowid_, x) VALUES(42, 'b')");
        RestoreRefusedException refused = assertThrows(RestoreRefusedException.class, staged::swap);
        assertTrue(refused.getMessage().contains("was changed since its rows were staged"), refused.getMessage());
        staged.rollback();
        assertEquals("42", TestDatabase.one(live, "SELECT _rowid_ FROM plain WHERE rowid IS NULL"));
    }

    @Test
    void aPlanCountsRowsOfTablesWithEveryKindOfKey() throws Exception {
        String[] tables = {"hidden", "number", "word"};
        TestDatabase.run(
                live,
                "CREATE TABLE hidden(x)",
                "CREATE TABLE number(x, n INTEGER PRIMARY KEY)",
                "CREATE TABLE word(x, w TEXT PRIMARY KEY) WITHOUT ROWID");
        for (int n = -3; n < 7; n++) {
            TestDatabase.run(
                    live,
                    "INSERT INTO hidden(rowid, x) VALUES(" + n + ", 'x')",
                    "INSERT INTO number VALUES('x', " + n + ")",
                    "INSERT INTO word VALUES('x', 'w' || " + n + ")");
        }
        SqliteTablesDataset dataset = SqliteTablesDataset.of("state", live, tables);
        MemorySnapshot snapshot = TableTests.take(dataset, folder);
        TestDatabase.run(
                live,
                "DELETE FROM hidden WHERE rowid IN (-3, 4)",
                "DELETE FROM number WHERE n IN (-3, 4)",
                "DELETE FROM word WHERE w IN ('w-3', 'w4')",
                "UPDATE hidden SET x = 'y' WHERE rowid = 0",
                "UPDATE number SET x = 'y' WHERE n = 0",
                "UPDATE word SET x = 'y' WHERE w = 'w0'",
                "INSERT INTO hidden(rowid, x) VALUES(-9, 'x'), (8, 'x'), (9, 'x')",
                "INSERT INTO number VALUES('x', -9), ('x', 8), ('x', 9)",
                "INSERT INTO word VALUES('x', 'a'), ('x', 'y'), ('x', 'z')");
        DatasetPlan plan = dataset.compare(snapshot);
        for (String table : tables) {
            assertTrue(
                    plan.examples().contains(table + ": create 2, replace 1, remove 3, keep 7 rows"), plan.toString());
        }
        TestDatabase.run(live, "ALTER TABLE number ADD COLUMN later");
        assertTrue(dataset.compare(snapshot).examples().contains("number: create 2, replace 8, remove 3, keep 0 rows"));
    }

    @Test
    void aPlanCountsNoRowTwiceWhereAKeysCollationHasChanged() throws Exception {
        TestDatabase.run(
                live, "CREATE TABLE word(w TEXT PRIMARY KEY) WITHOUT ROWID", "INSERT INTO word VALUES('a'), ('A')");
        SqliteTablesDataset words = SqliteTablesDataset.of("state", live, "word");
        MemorySnapshot snapshot = TableTests.take(words, folder);
        TestDatabase.run(
                live,
                "DROP TABLE word",
                "CREATE TABLE word(w TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID",
                "INSERT INTO word VALUES('a')");
        DatasetPlan plan = words.compare(snapshot);
        assertEquals(List.of(0L, 1L, 0L, 1L), List.of(plan.create(), plan.replace(), plan.remove(), plan.keep()));
        StagedRestore staged = words.stage(snapshot, MapStageContext.create("restore-1"));
        assertThrows(RestoreRefusedException.class, staged::swap);
        staged.rollback();
        assertEquals("a", TestDatabase.one(live, "SELECT group_concat(w) FROM word"));
    }

    @Test
    void aWriterThatDoesNotEndRefusesTheSwap() throws Exception {
        StagedRestore staged = state().stage(TableTests.take(state(), folder), MapStageContext.create("restore-1"));
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "BEGIN IMMEDIATE");
            assertThrows(DatasetInUseException.class, staged::swap);
        }
        staged.swap();
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "BEGIN IMMEDIATE");
            assertThrows(DatasetInUseException.class, staged::rollback);
        }
        staged.rollback();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "not json",
                "[1,2]",
                "{\"format\":\"cairn-table\",\"version\":1}",
                "HEADER[1]\n",
                "HEADER[1,2",
                "HEADER{}\n",
                "HEADER[99999999999999999999,\"x\"]"
            })
    void whatIsNoTableIsDamage(String content) throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        String header =
                TableTests.text(snapshot.all().get(1)).lines().findFirst().orElseThrow() + "\n";
        assertThrows(
                DamagedSnapshotException.class,
                () -> state().stage(
                                with(snapshot, content.replace("HEADER", header)),
                                MapStageContext.create("restore-1")));
        assertThrows(
                UnsupportedFormatException.class,
                () -> state().stage(
                                with(snapshot, header.replace("\"version\":1", "\"version\":2")),
                                MapStageContext.create("restore-2")));
    }

    @Test
    void thePlanCountsRows() throws Exception {
        TestDatabase.run(live, "INSERT INTO session VALUES(30, 'thirty'), (31, 'thirty-one')");
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        TestDatabase.run(
                live,
                "DELETE FROM session WHERE id = 31",
                "UPDATE session SET name = 'x' WHERE id = 30",
                "INSERT INTO pane VALUES('q', 1, 1)");
        DatasetPlan plan = state().compare(snapshot);
        assertEquals(List.of(1L, 1L, 1L, 3L), List.of(plan.create(), plan.replace(), plan.remove(), plan.keep()));
        assertEquals(
                List.of(
                        "pane: create 0, replace 0, remove 1, keep 2 rows",
                        "session: create 1, replace 1, remove 0, keep 1 rows"),
                plan.examples());
    }

    @Test
    void aDatabaseThatIsNotThereIsRefused() throws Exception {
        MemorySnapshot snapshot = TableTests.take(state(), folder);
        SqliteTablesDataset elsewhere = SqliteTablesDataset.of("state", folder.resolve("none.db"), "session", "pane");
        assertThrows(
                RestoreRefusedException.class, () -> elsewhere.stage(snapshot, MapStageContext.create("restore-1")));
        assertTrue(elsewhere.compare(snapshot).warnings().get(0).contains("does not exist"));
    }

    @Test
    void rowsAreStagedAsTheyAreReadAndACancelledStageStopsReading() throws Exception {
        String header = TableTests.text(TableTests.take(state(), folder).all().get(1))
                .lines()
                .findFirst()
                .orElseThrow();
        MapStageContext context = MapStageContext.create("restore-1");
        EndlessRows rows = new EndlessRows(header + "\n", produced -> {
            if (produced == 50_000) {
                context.cancellation().cancel();
            }
        });
        Entry session = Entry.file(TablePath.of("session"), 1, EntryAttributes.NONE, () -> rows);
        DatasetReader snapshot = mock();
        DatasetSummary summary = new DatasetSummary(
                "state", "sqlite-tables", true, 1, 1, java.util.Optional.empty(), java.util.Map.of());
        when(snapshot.summary()).thenReturn(summary);
        when(snapshot.snapshot()).thenReturn(TableTests.take(state(), folder).snapshot());
        when(snapshot.entries()).thenReturn(EntryCursor.of(List.of(session)));
        assertThrows(BackupCancelledException.class, () -> state().stage(snapshot, context));
        assertTrue(rows.produced() < 52_000, () -> rows.produced() + " rows were read");
        assertTrue(Files.notExists(folder.resolve(".cairn-restore-1-state")), "nothing stays behind");
    }

    private static MemorySnapshot with(MemorySnapshot snapshot, String session) {
        byte[] bytes = session.getBytes(StandardCharsets.UTF_8);
        Entry damaged = Entry.file(
                snapshot.all().get(1).path(),
                bytes.length,
                EntryAttributes.NONE,
                () -> new ByteArrayInputStream(bytes));
        return MemorySnapshot.of(
                "state", "sqlite-tables", List.of(snapshot.all().get(0), damaged));
    }

    private SqliteTablesDataset state() {
        return SqliteTablesDataset.of("state", live, "session", "pane").busyTimeout(Duration.ofMillis(100));
    }
}
