package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot tells exactly where in the log it was taken, whatever state the log is in. */
@Timeout(120)
class CutTest {

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();

    @Test
    void aSnapshotLiesBehindWhatWasCommittedAndBeforeWhatFollows() throws Exception {
        Path database = create();
        try (Connection writer = TestDatabase.open(database);
                Protected host = start(database, Duration.ofSeconds(1))) {
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
                Protected host = start(database, Duration.ofMillis(50))) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=5000");
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
                Protected host = start(database, Duration.ofSeconds(1))) {
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

    private Protected start(Path database, Duration poll) throws Exception {
        return Protected.start(database, log, ContinuousProtection.defaults().pollEvery(poll));
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
