package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.sqlite.RareLooks;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.wal.WalFile;
import dev.cairn.backup.sqlite.wal.WalHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other connections can do to the log, one thing at a time: each is followed on the same timeline, and what was shipped gives the database as it is. */
@Timeout(600)
class FollowingTest {

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();
    private Path database;
    private Connection writer;
    private Protected host;
    private Protected.Base base;

    @BeforeEach
    void begin() throws Exception {
        database = folder.resolve("host.db");
        TestDatabase.run(database, "PRAGMA journal_mode=WAL", "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)");
        writer = TestDatabase.open(database);
        TestDatabase.run(writer, "PRAGMA busy_timeout=60000");
        insert(1);
        host = Protected.start(database, log, RareLooks.settings());
        host.flush();
        base = host.base();
    }

    @AfterEach
    void end() throws Exception {
        host.close();
        writer.close();
    }

    @Test
    void aLogThatWasWhollyCheckpointedGoesOnInTheNextGeneration() throws Exception {
        WalHeader before = header();
        insert(2);
        host.flush();
        checkpoint(writer, "PASSIVE");
        host.flush();
        insert(3);
        assertFalse(before.start().isIn(header()), "a new generation began");
        assertWhole();
    }

    @Test
    void aWriterThatAnotherReaderKeepsFromRestartingAppendsToTheOldGeneration() throws Exception {
        insert(2);
        try (Connection reader = TestDatabase.open(database)) {
            // Its mark stands in the log, while the log is not yet checkpointed.
            TestDatabase.run(reader, "BEGIN");
            TestDatabase.one(reader, "SELECT count(*) FROM t");
            host.flush();
            checkpoint(writer, "PASSIVE");
            host.flush();
            WalHeader before = header();
            insert(3);
            assertEquals(before, header(), "no restart: the reader holds a mark");
            TestDatabase.run(reader, "COMMIT");
        }
        insert(4);
        checkpoint(writer, "PASSIVE");
        insert(5);
        assertWhole();
    }

    @Test
    void whatWasCommittedWhileNobodyWatchedIsShippedAlthoughTheLogIsRestartedWhileItIsTakenUp() throws Exception {
        takeUpACheckpointedLog(() -> insert(9));
        host.flush();
        insert(10);
        assertWhole();
        assertEquals(5, log.latest().transactions());
    }

    @Test
    void whatWasCommittedWhileNobodyWatchedIsAGapIfTheRestartedLogOverwroteIt() throws Exception {
        takeUpACheckpointedLog(() -> TestDatabase.run(writer, many(100, 1000)));
        host.flush();
        assertGap();
    }

    @Test
    void aGenerationThatBeganUnwatchedAndEndedWhileTheLogIsTakenUpIsAGap() throws Exception {
        TestDatabase.run(writer, many(100, 1000));
        host.flush();
        host.close();
        insert(2); // Begins a generation, and leaves most of the one before where it was.
        checkpoint(writer, "PASSIVE");
        takeUp(() -> insert(3));
        host.flush();
        assertGap();
    }

    /** Nobody watched as transactions were appended and checkpointed; the host goes on at the moment at which its pin stands on the main file alone. */
    private void takeUpACheckpointedLog(Protected.Action meanwhile) throws Exception {
        insert(2);
        try (Connection reader = TestDatabase.open(database)) {
            TestDatabase.run(reader, "BEGIN");
            TestDatabase.one(reader, "SELECT count(*) FROM t");
            insert(3);
            host.flush();
            host.close();
            WalHeader before = header();
            insert(4);
            assertEquals(before, header(), "no restart: the reader holds a mark");
        }
        checkpoint(writer, "PASSIVE");
        takeUp(meanwhile);
    }

    private void takeUp(Protected.Action meanwhile) throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        log.watch(step -> {
            if (step.equals("last") && once.compareAndSet(false, true)) {
                assertDoesNotThrow(meanwhile::run);
            }
        });
        host = Protected.start(database, log, RareLooks.settings());
    }

    private void assertGap() throws Exception {
        assertEquals(2, log.timelines().size(), () -> log.timelines().toString());
        assertTrue(log.latest().gap());
        base = host.base();
        insert(11);
        host.flush();
        Protected.Base now = host.base();
        try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
            replay.to(now.position().orElseThrow().transaction()).assertSameAs(now.bytes(), "the end");
        }
    }

    @Test
    void aPartOfALargeTransactionThatIsKeptAlthoughKeepingItFailedIsNotMissingFromTheChangedPages() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        log.watch(step -> {
            if (step.equals("kept") && once.compareAndSet(false, true)) {
                throw new OutOfMemoryError("when it is durable already");
            }
        });
        TestDatabase.run(writer, "BEGIN", many(15_000, 1000), "COMMIT");
        assertFalse(host.source().flush(Duration.ofSeconds(30)));
        host.flush();
        assertTrue(once.get());
        assertTrue(log.latest().segments().size() > 1, "the first has no commit");
        assertWhole(); // Compares the changed pages, too, if they are told.
        insert(2);
        assertWhole();
        assertEquals(2, log.latest().transactions());
    }

    @Test
    void aLogThatAnotherConnectionTruncatedHasNewSaltsAltogether() throws Exception {
        makeWayForRestarts();
        WalHeader before = header();
        try (Connection other = TestDatabase.open(database)) {
            TestDatabase.run(other, "PRAGMA busy_timeout=60000");
            TestDatabase.one(other, "SELECT count(*) FROM t");
            assertEquals("0", checkpoint(other, "TRUNCATE"));
        }
        insert(2);
        assertEquals(0, header().sequence(), "as if nothing had been before");
        assertFalse(before.start().isIn(header()));
        assertWhole();
    }

    @Test
    void anEmptyLogMayBeTruncatedAgainAndAgain() throws Exception {
        makeWayForRestarts();
        int salt = header().salt1();
        for (int i = 0; i < 3; i++) {
            assertEquals("0", checkpoint(writer, "TRUNCATE"));
            host.flush();
        }
        insert(2);
        assertEquals(salt + 3, header().salt1(), "each counts");
        assertWhole();
    }

    @Test
    void aLogThatWasRestartedTwiceBetweenTwoLooksRaisesAnAlarm() throws Exception {
        makeWayForRestarts();
        // Two checkpoints of an empty log look like a restart that no lock of ours could have let through.
        checkpoint(writer, "TRUNCATE");
        checkpoint(writer, "TRUNCATE");
        insert(2);
        host.flush();
        assertEquals(2, log.timelines().size());
        assertTrue(log.latest().gap());
        assertTrue(log.latest().why().contains("-shm"), log.latest().why());
        base = host.base();
        insert(3);
        host.flush();
        try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
            replay.to(replay.end()).assertSameAs(host.base().bytes(), "the new timeline");
        }
    }

    @Test
    void aTransactionThatRestartedTheLogAndWasRolledBackLeavesNothing() throws Exception {
        checkpoint(writer, "PASSIVE");
        host.flush();
        TestDatabase.run(writer, "PRAGMA cache_size=5", "BEGIN");
        TestDatabase.run(writer, many(500, 1000));
        host.flush();
        TestDatabase.run(writer, "ROLLBACK");
        host.flush();
        insert(2);
        assertWhole();
    }

    @Test
    void uncommittedFramesThatAreOverwrittenInTheLogAreNeverShipped() throws Exception {
        TestDatabase.run(writer, "PRAGMA cache_size=5", "BEGIN");
        TestDatabase.run(writer, many(300, 1000));
        assertTrue(Files.size(wal()) > 200_000, "spilled into the log");
        long transactions = log.latest().transactions();
        host.flush();
        assertEquals(transactions, log.latest().transactions());
        TestDatabase.run(writer, "UPDATE t SET value = randomblob(1000)");
        host.flush();
        TestDatabase.run(writer, "SAVEPOINT s", "UPDATE t SET value = randomblob(1000)", "ROLLBACK TO s");
        host.flush();
        TestDatabase.run(writer, "COMMIT");
        host.flush();
        assertEquals(transactions + 1, log.latest().transactions());
        TestDatabase.run(writer, "BEGIN", "DELETE FROM t", "ROLLBACK");
        insert(2);
        assertWhole();
    }

    @Test
    void aLargeTransactionGoesOverSeveralSegmentsAndVacuumIsOne() throws Exception {
        TestDatabase.run(writer, "BEGIN", many(30_000, 1000), "COMMIT");
        host.flush();
        List<LogSegment> segments = log.latest().segments();
        assertTrue(segments.size() >= 4, "segments: " + segments.size());
        assertTrue(segments.stream().allMatch(it -> it.content().length <= LogShipper.SEGMENT));
        assertEquals(1, log.latest().transactions(), "one transaction");
        TestDatabase.run(writer, "DELETE FROM t WHERE id % 3 > 0", "VACUUM");
        assertWhole();
        assertTrue(Files.size(database) < 20_000_000, "it has shrunk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"})
    void theHostsOwnCheckpointsSucceedWithinTheirBusyTimeout(String mode) throws Exception {
        host.close();
        host = Protected.start(database, log); // It looks often, and moves on each time.
        host.flush();
        base = host.base();
        for (int i = 2; i < 6; i++) {
            insert(i);
            assertEquals("0", checkpoint(writer, mode), mode + " is not busy");
        }
        assertWhole();
        if (mode.equals("TRUNCATE")) {
            assertEquals("0", checkpoint(writer, mode));
            assertEquals(0, Files.size(wal()));
        }
    }

    @Test
    void theHostMayCloseAllItsConnections() throws Exception {
        insert(2);
        writer.close();
        assertTrue(Files.exists(wal()), "ours are still there");
        host.flush();
        writer = TestDatabase.open(database);
        insert(3);
        assertWhole();
    }

    @Test
    void leavingWalModeIsRefusedWhileTheLogIsFollowed() throws Exception {
        TestDatabase.run(writer, "PRAGMA busy_timeout=100");
        String mode;
        try {
            mode = TestDatabase.one(writer, "PRAGMA journal_mode=DELETE");
        } catch (java.sql.SQLException locked) {
            mode = "locked";
        }
        assertTrue(mode.equals("wal") || mode.equals("locked"), mode);
        insert(2);
        assertWhole();
    }

    @Test
    void aCommitFrameThatSqliteDoesNotCountIsNotShipped() throws Exception {
        host.flush();
        long transactions = log.latest().transactions();
        try (WalFile file = WalFile.open(wal())) {
            // What a writer leaves that was killed after the commit frame and before it told the -shm.
            dev.cairn.backup.sqlite.wal.ForgedFrame.append(wal(), file.header().orElseThrow());
        }
        host.flush();
        assertEquals(transactions, log.latest().transactions());
        insert(2);
        host.flush();
        assertEquals(transactions + 1, log.latest().transactions());
        assertWhole();
    }

    @Test
    void aWakeUpShipsAtOnce() throws Exception {
        insert(2);
        long before = log.latest().transactions();
        host.dataset().wakeUp();
        synchronized (log) {
            while (log.latest().transactions() == before) {
                log.wait();
            }
        }
    }

    /** Everything since the base is on one timeline, without an alarm, and gives what a snapshot now holds. */
    private void assertWhole() throws Exception {
        host.flush();
        assertEquals(1, log.timelines().size(), () -> log.timelines().toString());
        Protected.Base now = host.base();
        try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
            replay.to(now.position().orElseThrow().transaction()).assertSameAs(now.bytes(), "the end");
            assertEquals(replay.end(), replay.at());
        }
        assertEquals("ok", TestDatabase.one(folder.resolve("replay.db"), "PRAGMA integrity_check"));
    }

    private void insert(int id) throws Exception {
        TestDatabase.run(writer, "INSERT OR REPLACE INTO t VALUES(" + id + ", randomblob(3000))");
    }

    private static String many(int rows, int bytes) {
        return "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < " + (rows + 100)
                + ") INSERT OR REPLACE INTO t SELECT i, randomblob(" + bytes + ") FROM n";
    }

    private static String checkpoint(Connection connection, String mode) throws Exception {
        return TestDatabase.one(connection, "PRAGMA wal_checkpoint(" + mode + ")");
    }

    /** Our pin stands on the main file alone afterwards, so that whoever restarts the log need not wait until it has moved on. */
    private void makeWayForRestarts() throws Exception {
        assertEquals("0", checkpoint(writer, "PASSIVE"));
        host.flush();
    }

    private Path wal() {
        return folder.resolve("host.db-wal");
    }

    private WalHeader header() throws Exception {
        try (WalFile file = WalFile.open(wal())) {
            return file.header().orElseThrow();
        }
    }
}
