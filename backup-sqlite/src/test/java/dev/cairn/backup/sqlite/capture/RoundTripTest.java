package dev.cairn.backup.sqlite.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.IntegrityCheck;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.TestScratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {

    private static final String ROWS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) ";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "512, wal, none, UTF-8",
        "4096, wal, full, UTF-16le",
        "65536, wal, none, UTF-8",
        "512, delete, incremental, UTF-16be",
        "4096, persist, none, UTF-8",
        "65536, truncate, full, UTF-8"
    })
    void everyKindOfDatabaseComesBackAsItWas(int pageSize, String journal, String vacuum, String encoding)
            throws Exception {
        Path live = folder.resolve("every.db");
        TestDatabase.run(
                live,
                "PRAGMA page_size=" + pageSize,
                "PRAGMA encoding='" + encoding + "'",
                "PRAGMA auto_vacuum=" + vacuum,
                "PRAGMA journal_mode=" + journal,
                "PRAGMA user_version=77",
                "PRAGMA application_id=4711",
                "CREATE TABLE plain(id INTEGER PRIMARY KEY, text TEXT, bytes BLOB)",
                "CREATE INDEX by_text ON plain(text)",
                "CREATE TABLE keyed(k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID",
                "CREATE VIRTUAL TABLE words USING fts5(content)",
                "CREATE VIEW lengths AS SELECT length(text) AS l FROM plain",
                ROWS + "INSERT INTO plain SELECT i, 'täxt ' || (i * 7919 % 3000), randomblob(i % 700) FROM n",
                ROWS + "INSERT INTO keyed SELECT 'k' || i, i FROM n",
                ROWS + "INSERT INTO words SELECT 'needle' || i || ' hay' FROM n",
                "DELETE FROM plain WHERE id % 3 = 0",
                "VACUUM");
        String before = describe(live);

        MemorySnapshot snapshot = MemorySnapshot.take(SqliteDataset.of("every", live), capturing());
        TestDatabase.run(live, "DELETE FROM plain", "DROP TABLE keyed", "PRAGMA user_version=78");
        restore(SqliteDataset.of("every", live).integrityCheck(IntegrityCheck.FULL), snapshot);

        assertEquals(before, describe(live));
        assertEquals("1", TestDatabase.one(live, "SELECT count(*) FROM words WHERE words MATCH 'needle77'"));
        TestDatabase.run(live, "INSERT INTO keyed VALUES('new', 1)");
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void theContentTellsTheSizeOfItsPages(int pageSize) throws Exception {
        Path live = folder.resolve("pages.db");
        TestDatabase.run(live, "PRAGMA page_size=" + pageSize, "CREATE TABLE t(x)");
        try (PreparedCapture prepared =
                        SqliteDataset.of("pages", live).prepare(capturing()).orElseThrow();
                FrozenView view = prepared.freeze();
                EntryCursor entries = view.entries()) {
            Entry database = entries.next();
            assertEquals(pageSize, database.content().pageSize());
            assertEquals(0, database.size() % pageSize);
        }
    }

    @Test
    void whatIsOnlyInTheLogIsCaptured() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("log.db"), "wal", 1);
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "PRAGMA wal_autocheckpoint=0", "UPDATE counter SET value = 2");
            assertTrue(Files.size(folder.resolve("log.db-wal")) > 0);
            MemorySnapshot snapshot = MemorySnapshot.take(SqliteDataset.of("log", live), capturing());
            Path copy = folder.resolve("copy.db");
            try (var in = snapshot.all().get(0).content().open()) {
                Files.copy(in, copy);
            }
            assertEquals(2, TestDatabase.counterOf(copy));
        }
    }

    @Test
    void anEmptyFileIsAnEmptyDatabase() throws Exception {
        Path live = Files.createFile(folder.resolve("empty.db"));
        MemorySnapshot snapshot = MemorySnapshot.take(SqliteDataset.of("empty", live), capturing());
        TestDatabase.run(live, "CREATE TABLE t(x)");
        restore(SqliteDataset.of("empty", live), snapshot);
        assertEquals("0", TestDatabase.one(live, "SELECT count(*) FROM sqlite_schema"));
    }

    @Test
    void aRollbackJournalDatabaseIsCapturedWithAWarningAndHoldsItsWritersUntilTheCopyIsMade() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("old.db"), "delete", 1);
        RecordingCaptureContext context = capturing();
        try (Connection host = TestDatabase.open(live);
                PreparedCapture prepared =
                        SqliteDataset.of("old", live).prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            TestDatabase.run(host, "PRAGMA busy_timeout=0");
            assertThrows(java.sql.SQLException.class, () -> TestDatabase.run(host, "UPDATE counter SET value = 2"));
            openContent(view);
            TestDatabase.run(host, "UPDATE counter SET value = 3");
        }
        assertEquals(1, context.warnings().size());
        assertTrue(context.warnings().get(0).contains("rollback-journal")
                && context.warnings().get(0).contains("old.db"));
    }

    @Test
    void aCountThatCannotBeTakenIsAWarning() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("counts.db"), "wal", 1);
        RecordingCaptureContext context = capturing();
        MemorySnapshot snapshot = MemorySnapshot.take(
                SqliteDataset.of("counts", live)
                        .count("rows", "SELECT count(*) FROM counter")
                        .count("gone", "SELECT count(*) FROM gone"),
                context);
        assertEquals(Map.of("rows", 1L), snapshot.summary().counts());
        assertEquals(1, context.warnings().size());
        assertTrue(context.warnings().get(0).contains("'gone'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text that is no database at all, and long enough to hide a header in it ............................"
            })
    void aFileThatIsNoDatabaseIsRefused(String content) throws Exception {
        Path live = Files.writeString(folder.resolve("no.db"), content.repeat(50));
        SourceException refused = assertThrows(
                SourceException.class, () -> SqliteDataset.of("no", live).prepare(capturing()));
        assertTrue(refused.getMessage().contains("not a SQLite database, is encrypted"), refused.getMessage());
        assertThrows(SourceException.class, () -> SqliteDataset.of("no", folder).prepare(capturing()), "a folder");
    }

    @Test
    void aHostThatKeepsAWalDatabaseForItselfFailsTheSnapshotByName() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("mine.db"), "wal", 1);
        SqliteDataset dataset = SqliteDataset.of("mine", live).busyTimeout(Duration.ofMillis(20));
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "PRAGMA locking_mode=EXCLUSIVE", "UPDATE counter SET value = 2");
            assertLocked(assertThrows(SourceException.class, () -> dataset.prepare(capturing())));
        }
    }

    @Test
    void aHostThatLocksBetweenPrepareAndFreezeFailsTheSnapshotByName() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("mine.db"), "delete", 1);
        SqliteDataset dataset = SqliteDataset.of("mine", live).busyTimeout(Duration.ofMillis(20));
        try (PreparedCapture prepared = dataset.prepare(capturing()).orElseThrow();
                Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "PRAGMA locking_mode=EXCLUSIVE", "UPDATE counter SET value = 2");
            assertLocked(assertThrows(SourceException.class, prepared::freeze));
        }
    }

    private static void assertLocked(SourceException refused) {
        assertTrue(refused.getMessage().contains("locking_mode=EXCLUSIVE"), refused.getMessage());
    }

    @Test
    void aCopyIsCancelledInTheMiddleAndTheHostGoesOn() throws Exception {
        Path live = folder.resolve("big.db");
        TestDatabase.run(
                live,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE ballast(x)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                        + " INSERT INTO ballast SELECT randomblob(1000000) FROM n");
        try (org.sqlite.SQLiteConnection pinned = dev.cairn.backup.sqlite.live.Connections.open(live, Duration.ZERO)) {
            TestDatabase.run(pinned, "BEGIN DEFERRED");
            TestDatabase.one(pinned, "SELECT 1 FROM sqlite_schema");
            PageCopy copy = PageCopy.of("big", live, pinned);
            int[] asked = {0};
            Path target = folder.resolve("target.db");
            assertThrows(BackupCancelledException.class, () -> copy.into(target, () -> ++asked[0] >= 3));
            assertTrue(asked[0] < 8, "the copy stopped in the middle, asked " + asked[0] + " times");
        }
        TestDatabase.run(live, "INSERT INTO ballast VALUES(1)");
        RecordingCaptureContext context = capturing();
        context.cancellation().cancel();
        assertThrows(BackupCancelledException.class, () -> MemorySnapshot.take(SqliteDataset.of("big", live), context));
        assertEquals(List.of(), context.scratch().held());
    }

    @Test
    void aQuotaThatIsTooSmallFailsTheSnapshotAndLetsThePinGo() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("quota.db"), "delete", 1);
        RecordingCaptureContext context = RecordingCaptureContext.of(
                SnapshotId.of("snap-1"),
                TestScratch.in(folder.resolve("scratch")).quota(4096));
        assertThrows(LimitExceededException.class, () -> MemorySnapshot.take(SqliteDataset.of("quota", live), context));
        TestDatabase.run(live, "UPDATE counter SET value = 2");
    }

    private static void openContent(FrozenView view) throws Exception {
        try (EntryCursor entries = view.entries()) {
            entries.next().content().open().close();
        }
    }

    private RecordingCaptureContext capturing() {
        return RecordingCaptureContext.in(folder.resolve("scratch"));
    }

    private static void restore(SqliteDataset dataset, MemorySnapshot snapshot) {
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        staged.finish();
    }

    private static String describe(Path file) throws Exception {
        StringBuilder all = new StringBuilder();
        try (Connection connection = TestDatabase.open(file)) {
            for (String query : List.of(
                    "PRAGMA page_size",
                    "PRAGMA encoding",
                    "PRAGMA auto_vacuum",
                    "PRAGMA user_version",
                    "PRAGMA application_id",
                    "PRAGMA page_count",
                    "PRAGMA integrity_check",
                    "SELECT group_concat(sql) FROM (SELECT sql FROM sqlite_schema ORDER BY name)",
                    "SELECT group_concat(id || text || hex(bytes)) FROM plain",
                    "SELECT group_concat(k || v) FROM keyed",
                    "SELECT group_concat(content) FROM words")) {
                all.append(TestDatabase.all(connection, query)).append('\n');
            }
            String mode = TestDatabase.one(connection, "PRAGMA journal_mode");
            all.append(mode.equals("wal") ? "wal" : "rollback");
        }
        return all.toString();
    }
}
