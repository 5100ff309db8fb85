package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.RareLooks;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.capture.PreparedDatabase;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What could lose a transaction in silence, tell a wrong position or hold the host up, when something around the following goes wrong. */
@Timeout(600)
class TroubleTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String TIMELINE = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();
    private Path database;

    @BeforeEach
    void create() throws Exception {
        database = folder.resolve("host.db");
        TestDatabase.run(database, "PRAGMA journal_mode=WAL", "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)");
    }

    @Test
    void aGenerationThatBeganAndEndedWhileNothingWatchedIsAGapAlthoughItsHeaderIsStillThere() throws Exception {
        try (Connection writer = TestDatabase.open(database)) {
            insert(writer, 1, 40);
            try (Protected host = start()) {
                host.flush();
                insert(writer, 1, 40);
                host.flush();
            }
            // All is checkpointed: this one begins the next generation, and nobody ships it.
            insert(writer, 100, 1);
            TestDatabase.one(writer, "PRAGMA wal_checkpoint(PASSIVE)");
            Path wal = folder.resolve("host.db-wal");
            byte[] before = Files.readAllBytes(wal);
            TestDatabase.run(writer, "PRAGMA cache_size=5", "BEGIN");
            insert(writer, 500, 300);
            TestDatabase.run(writer, "ROLLBACK");
            // As if the writer had been killed, or the disk full, when the -shm told of the restart and the file not
            // yet.
            Files.write(wal, before);
            try (Protected host = start()) {
                host.flush();
                insert(writer, 200, 1);
                host.flush();
                assertEquals(2, log.timelines().size(), "the insert of 100 was never shipped");
                assertTrue(log.latest().gap());
            }
        }
    }

    @Test
    void anErrorDoesNotEndTheFollowingInSilence() throws Exception {
        try (Connection writer = TestDatabase.open(database)) {
            insert(writer, 1, 1);
            try (Protected host = start()) {
                host.flush();
                log.fail(() -> {
                    throw new NoClassDefFoundError("replaced/while/it/ran");
                });
                insert(writer, 1, 5);
                assertFalse(host.source().flush(SOON));
                assertFalse(host.source().state().running());
                log.fail(Optional::empty);
                host.flush();
                assertEquals(1, log.latest().transactions());
                assertEquals(1, log.timelines().size());
            }
        }
    }

    @Test
    void aPauseLetsGoWhateverTheStoreDoes() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start()) {
            host.flush();
            insert(writer, 1, 5);
            host.flush();
            log.fail(() -> {
                throw new IllegalStateException("closed already");
            });
            host.source().pause();
            assertEquals("delete", TestDatabase.one(writer, "PRAGMA journal_mode=DELETE"));
            TestDatabase.one(writer, "PRAGMA journal_mode=WAL");
            log.fail(Optional::empty);
            host.source().resume("again");
            host.flush();
        }
    }

    @Test
    void whatCouldNotBeShippedBeforeAPauseIsAGap() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start()) {
            host.flush();
            log.fail(() -> Optional.of(new StoreException(StoreException.Reason.IO, "no", "wait", null)));
            insert(writer, 1, 5);
            host.source().pause();
            log.fail(Optional::empty);
            host.source().resume("restored");
            host.flush();
            assertEquals(2, log.timelines().size());
            assertTrue(log.latest().gap());
            host.source().pause();
            host.source().resume("restored again");
            host.flush();
            assertFalse(log.latest().gap());
        }
    }

    @Test
    void whatAnEarlierProcessCouldNotShipIsAGapAlsoIfItsLogIsNeverTakenUpAgain() throws Exception {
        try (Connection writer = TestDatabase.open(database)) {
            insert(writer, 1, 5);
            try (Protected host = start()) {
                host.flush();
                log.fail(() -> {
                    throw new Error("killed");
                });
                insert(writer, 1, 5);
            }
            log.fail(Optional::empty);
            log.watch(step -> {
                if (step.equals("last")) {
                    throw new StoreException(StoreException.Reason.IO, "no", "wait", null);
                }
            });
            try (Protected host = start()) {
                assertFalse(host.source().flush(SOON));
                host.source().pause();
                log.watch(step -> {});
                host.source().resume("restored");
                host.flush();
                assertEquals("restored", log.latest().why());
                assertTrue(log.latest().gap());
                host.source().pause();
                host.source().resume("restored again");
                host.flush();
                assertEquals(3, log.timelines().size());
                assertFalse(log.latest().gap());
            }
        }
    }

    @Test
    void aThreadThatCannotBeStartedIsNotWaitedFor() {
        Beat beat = new Beat(Duration.ofMillis(250), SOON);
        assertThrows(
                OutOfMemoryError.class,
                () -> beat.start(
                        work -> new Thread(work) {
                            @Override
                            public synchronized void start() {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                        },
                        "beat",
                        new Counted(new CountDownLatch(0))));
        assertTimeoutPreemptively(SOON, beat::close);
    }

    @Test
    void wakeUpsOfABusyHostAreAnsweredAtTheirOwnPace() throws Exception {
        Beat beat = new Beat(Duration.ofMillis(250), SOON);
        CountDownLatch beats = new CountDownLatch(60);
        AtomicBoolean stop = new AtomicBoolean();
        Thread host = new Thread(() -> {
            while (!stop.get()) {
                beat.wake();
                LockSupport.parkNanos(500_000);
            }
        });
        beat.start(Thread::new, "beat", new Counted(beats));
        host.start();
        long since = System.nanoTime();
        beats.await();
        long passed = System.nanoTime() - since;
        stop.set(true);
        host.join();
        beat.close();
        // Two looks each 55 ms; a slow machine takes longer.
        assertTrue(passed > 1_000_000_000, "60 looks within " + passed / 1_000_000 + " ms");
    }

    @Test
    void aPositionThatIsAskedForLateIsStillKnown() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = Protected.start(database, log)) { // Each restart waits until its pin has moved on.
            TestDatabase.run(writer, "PRAGMA busy_timeout=60000");
            host.flush();
            insert(writer, 1, 5);
            insert(writer, 1, 5);
            host.flush();
            RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
            try (PreparedCapture prepared = host.dataset().prepare(context).orElseThrow();
                    FrozenView view = prepared.freeze();
                    var entries = view.entries()) {
                entries.next().content().open().close();
                // The copy is made and the pin gone; a slow store is being fed.
                for (int i = 0; i < 4; i++) {
                    insert(writer, 100 + i, 1);
                    assertEquals("0", TestDatabase.one(writer, "PRAGMA wal_checkpoint(RESTART)"));
                    host.flush();
                }
                assertEquals(2, view.logPosition().map(LogPosition::transaction).orElse(-1L));
            }
        }
    }

    @Test
    void aDatabaseThatTookThePlaceOfTheFollowedOneHasNoPositionInItsTimeline() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start()) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=60000");
            insert(writer, 1, 50);
            host.flush();
            host.base();
            insert(writer, 1, 5);
            host.flush();
            assertEquals("0", TestDatabase.one(writer, "PRAGMA wal_checkpoint(PASSIVE)"));
            host.flush(); // The pin stands on the main file alone, and does not keep the log from being emptied.
            assertEquals("0", TestDatabase.one(writer, "PRAGMA wal_checkpoint(TRUNCATE)"));
            String timeline = host.base().position().orElseThrow().timeline();
            Path other = folder.resolve("other.db");
            TestDatabase.run(other, "PRAGMA journal_mode=WAL", "CREATE TABLE u(x)");
            Files.move(other, database, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(folder.resolve("host.db-wal"));
            Files.deleteIfExists(folder.resolve("host.db-shm"));
            try (Connection fresh = TestDatabase.open(database)) {
                TestDatabase.one(fresh, "SELECT count(*) FROM u");
                host.base().position().ifPresent(it -> assertNotEquals(timeline, it.timeline(), "another database"));
            }
        }
    }

    @Test
    void aDatabaseThatIsReplacedWhileItsSnapshotIsPreparedHasNoPositionInTheTimelineOfTheOther() throws Exception {
        RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
        List<Connection> fresh = new ArrayList<>();
        try (Protected host = start()) {
            host.flush();
            LogShipper shipper = (LogShipper) host.source();
            try (PreparedCapture prepared = PreparedDatabase.open(
                                    DatabaseSettings.of("host", database), context, (files, it) -> {
                                        fresh.add(assertDoesNotThrow(() -> replaced(host)));
                                        return shipper.cuts().open(files, it);
                                    })
                            .orElseThrow();
                    FrozenView view = prepared.freeze()) {
                assertTrue(view.entries().next().content().open().readAllBytes().length > 0);
                assertEquals(Optional.empty(), view.logPosition(), "it holds the file before");
            }
            assertTrue(host.base().position().isPresent());
        } finally {
            for (Connection connection : fresh) {
                connection.close();
            }
        }
    }

    /** Puts another database in the place of the followed one and waits until that is followed. */
    private Connection replaced(Protected host) throws Exception {
        Path other = folder.resolve("other.db");
        TestDatabase.run(other, "PRAGMA journal_mode=WAL", "CREATE TABLE u(x)");
        Files.move(other, database, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(folder.resolve("host.db-wal"));
        Files.deleteIfExists(folder.resolve("host.db-shm"));
        Connection fresh = TestDatabase.open(database);
        TestDatabase.one(fresh, "SELECT count(*) FROM u");
        for (int i = 0; i < 20 && log.timelines().size() < 2; i++) {
            host.source().flush(SOON);
        }
        host.flush();
        assertEquals(2, log.timelines().size());
        return fresh;
    }

    @Test
    void aTailThatCouldNotTakeInASegmentWholeGivesNoAnswer() {
        PageTail tail = new PageTail();
        RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
        tail.begin(at(0), 1024, false);
        tail.prepare(context, 1000);
        cut(tail, 0);
        // Stands for whatever is thrown half-way, such as an OutOfMemoryError: the second page is not there.
        LogSegment odd = segment(512, 1, 2, 3);
        assertThrows(RuntimeException.class, () -> tail.add(odd, at(1)));
        tail.begin(at(1), 1024, false);
        tail.prepare(context, 1000);
        tail.add(segment(1024, 5), at(2));
        cut(tail, 2);
        assertEquals(Optional.empty(), tail.between(at(0), at(2)));
        tail.close();
    }

    @Test
    void aTransactionThatHasReadBeforeItWritesDoesNotWaitForARestartOfTheLog() throws Exception {
        DatabaseSettings settings = new DatabaseSettings("host", database, SOON, false, Map.of());
        try (Connection writer = TestDatabase.open(database);
                LogSession session = LogSession.open(settings)) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=20000", "BEGIN");
            TestDatabase.one(writer, "SELECT count(*) FROM t");
            assertTrue(session.lock());
            // As ContinuousProtection says: SQLite does not ask the busy handler there.
            assertThrows(SQLException.class, () -> TestDatabase.run(writer, "INSERT INTO t VALUES(2, 'x')"));
            TestDatabase.run(writer, "ROLLBACK");
            session.unlock();
            TestDatabase.run(writer, "BEGIN IMMEDIATE", "INSERT INTO t VALUES(2, 'x')", "COMMIT");
        }
    }

    @Test
    void aRestoreOfTablesIsFollowedAsWhatItIs() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start()) {
            insert(writer, 1, 50);
            host.flush();
            Protected.Base base = host.base();
            SqliteTablesDataset tables = SqliteTablesDataset.of("tables", database, "t");
            MemorySnapshot snapshot =
                    MemorySnapshot.take(tables, RecordingCaptureContext.in(folder.resolve("scratch")));
            insert(writer, 300, 50);
            tables.stage(snapshot, MapStageContext.create("restore-1")).swap();
            host.flush();
            try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
                replay.to(replay.end()).assertSameAs(host.base().bytes(), "the end");
            }
            assertEquals(1, log.timelines().size());
        }
    }

    private Protected start() throws Exception {
        return Protected.start(database, log, RareLooks.settings());
    }

    private static void insert(Connection writer, int from, int count) throws Exception {
        TestDatabase.run(
                writer,
                "WITH RECURSIVE n(i) AS (SELECT " + from + " UNION ALL SELECT i + 1 FROM n WHERE i < " + (from + count)
                        + ") INSERT OR REPLACE INTO t SELECT i, randomblob(1000) FROM n");
    }

    private static LogPosition at(long transaction) {
        return new LogPosition(TIMELINE, transaction);
    }

    private static LogSegment segment(int pageSize, int... pages) {
        return new LogSegment(
                pageSize,
                List.of(new LogSegment.Commit(pages.length, 10, Instant.EPOCH)),
                pages,
                new byte[pages.length * pageSize],
                "");
    }

    private static void cut(PageTail tail, long transaction) {
        Object owner = new Object();
        tail.watch(owner);
        tail.cut(owner, at(transaction));
    }

    private record Counted(CountDownLatch beats) implements Beat.Work {

        @Override
        public boolean beat() {
            beats.countDown();
            return true;
        }

        @Override
        public void rest() {
            // Nothing is open.
        }

        @Override
        public void beginAnew(String why) {
            // Nothing to begin.
        }
    }
}
