package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.RareLooks;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot tells exactly where in the log it was taken, whatever state the log is in. */
@Timeout(600)
class CutTest {

    private static final long LIMIT = 2 * 1024 * 1024;

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();

    @Test
    void aSnapshotLiesBehindWhatWasCommittedAndBeforeWhatFollows() throws Exception {
        Path database = create();
        try (Connection writer = TestDatabase.open(database);
                Protected host = Protected.start(database, log, RareLooks.settings())) {
            host.flush();
            for (int i = 1; i <= 5; i++) {
                insert(writer, i);
                int value = i;
                Protected.Base base = host.base(() -> insert(writer, 100 * value));
                assertEquals(2L * i - 1, base.position().orElseThrow().transaction(), "the second insert is behind it");
            }
        }
    }

    @Test
    void anEmptiedLogHasAPositionToo() throws Exception {
        Path database = create();
        try (Connection writer = TestDatabase.open(database);
                Protected host = Protected.start(database, log)) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=60000");
            host.flush();
            assertEquals(0, host.base().position().orElseThrow().transaction());
            insert(writer, 1);
            assertEquals("0", TestDatabase.one(writer, "PRAGMA wal_checkpoint(TRUNCATE)"));
            Protected.Base base = host.base(() -> insert(writer, 2));
            assertEquals(Optional.of(new LogPosition(log.latest().id(), 1)), base.position());
            host.flush();
            assertEquals(2, log.latest().transactions());
            TestDatabase.run(writer, "PRAGMA wal_checkpoint(RESTART)");
            Protected.Base whole = host.base(() -> insert(writer, 3));
            assertEquals(2, whole.position().orElseThrow().transaction());
        }
    }

    @Test
    void withoutShippingASnapshotHasNoPosition() throws Exception {
        Path database = create();
        SqliteDataset dataset = SqliteDataset.of("host", database).continuous(ContinuousProtection.defaults());
        RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
        try (var prepared = dataset.prepare(context).orElseThrow();
                var view = prepared.freeze()) {
            MemorySnapshot.of(dataset, view);
            assertEquals(Optional.empty(), view.logPosition());
        }
    }

    @Test
    void aSnapshotIsTakenEvenIfNothingCanBeKept() throws Exception {
        Path database = create();
        try (Connection writer = TestDatabase.open(database);
                Protected host = Protected.start(database, log, RareLooks.settings())) {
            host.flush();
            log.fail(() -> Optional.of(new StoreException(StoreException.Reason.IO, "no", "wait", null)));
            insert(writer, 1);
            Protected.Base base = host.base();
            assertEquals(Optional.empty(), base.position());
            assertTrue(host.source().state().problem().orElseThrow().contains("no. wait"));
            log.fail(Optional::empty);
            host.flush();
            assertEquals(1, host.base().position().orElseThrow().transaction());
            assertEquals(1, log.timelines().size());
        }
    }

    @Test
    void aCopyIsGivenUpWhenTheLogGrowsToItsLimitMeanwhileSoThatItCanBeginAnew() throws Exception {
        Path database = create();
        try (Connection writer = TestDatabase.open(database);
                Protected host = Protected.start(
                        database, log, ContinuousProtection.defaults().walLimit(LIMIT))) {
            host.flush();
            for (int i = 1; i <= 20; i++) {
                insertLarge(writer, i);
                host.flush();
            }

            SourceException refused =
                    assertThrows(SourceException.class, () -> host.base(() -> insertLarge(writer, 21, 22)));

            assertTrue(refused.nextStep().contains("walLimit"), refused.nextStep());
            while (!isCheckpointed(writer)) { // After an attempt that the copy made futile there is a pause.
                host.flush();
            }
            insert(writer, 23);
            host.flush();
            assertTrue(framesIn(writer) * 4096L < LIMIT, "it began anew");
            Protected.Base base = host.base(() -> insert(writer, 24));
            assertEquals(23, base.position().orElseThrow().transaction());
            assertEquals(1, log.timelines().size());
        }
    }

    @Test
    void aCopyIsMadeAlthoughAnotherReaderHasMadeTheLogTooLongBefore() throws Exception {
        Path database = create();
        try (Connection writer = TestDatabase.open(database);
                Connection reader = TestDatabase.open(database);
                Protected host = Protected.start(
                        database, log, ContinuousProtection.defaults().walLimit(LIMIT))) {
            host.flush();
            insertLarge(writer, 1);
            TestDatabase.run(reader, "BEGIN");
            TestDatabase.one(reader, "SELECT count(*) FROM t");
            for (int i = 2; i <= 20; i++) {
                insertLarge(writer, i);
                host.flush();
            }
            assertTrue(framesIn(writer) * 4096L > LIMIT);

            Protected.Base base = host.base(() -> insert(writer, 21));

            assertEquals(20, base.position().orElseThrow().transaction());
        }
    }

    /** Frames of the present log, and 0 if all of it is checkpointed and nobody needs it. */
    private static long framesIn(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
            return row.getLong(2);
        }
    }

    private static boolean isCheckpointed(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
            return row.getLong(2) == row.getLong(3);
        }
    }

    /** A megabyte and a transaction each. */
    private static void insertLarge(Connection writer, int... ids) throws Exception {
        TestDatabase.run(writer, "PRAGMA busy_timeout=60000");
        for (int id : ids) {
            TestDatabase.run(writer, "INSERT OR REPLACE INTO t VALUES(" + id + ", randomblob(1000000))");
        }
    }

    private Path create() throws Exception {
        Path database = folder.resolve("host.db");
        TestDatabase.run(database, "PRAGMA journal_mode=WAL", "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)");
        return database;
    }

    private static void insert(Connection writer, int id) throws Exception {
        TestDatabase.run(writer, "INSERT OR REPLACE INTO t VALUES(" + id + ", randomblob(3000))");
    }
}
