package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.spi.TimelineLostException;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.RareLooks;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.restore.HostProcess;
import dev.cairn.backup.sqlite.wal.WalFile;
import dev.cairn.backup.sqlite.wal.WalHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the log is let go, and how it is taken up again. */
@Timeout(600)
class LettingGoTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    private static final int RESTARTS = 5;
    private static final int MOST_COMMITS = 20_000;
    private static final int AHEAD = 2000;

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();
    private Path database;

    @BeforeEach
    void create() throws Exception {
        database = folder.resolve("host.db");
        // In some tests somebody looks at it meanwhile.
        TestDatabase.run(
                database,
                "PRAGMA busy_timeout=60000",
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)");
    }

    @Test
    void afterAPauseTheDatabaseCanBeLockedByOthersAlone() throws Exception {
        try (Protected host = start(ContinuousProtection.defaults())) {
            host.flush();
            try (Connection writer = TestDatabase.open(database)) {
                insert(writer, 1, 10);
                host.source().pause();
                assertEquals(1, log.latest().transactions(), "what was committed is shipped first");
            }
            try (Connection alone = TestDatabase.open(database)) {
                TestDatabase.run(alone, "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE", "DELETE FROM t", "COMMIT");
                assertEquals("delete", TestDatabase.one(alone, "PRAGMA journal_mode=DELETE"));
                assertFalse(host.source().flush(Duration.ofMillis(200)), "it is paused");
                assertFalse(host.source().state().running());
                assertEquals("wal", TestDatabase.one(alone, "PRAGMA journal_mode=WAL"));
            }
            host.source().resume("restored");
            host.flush();
            assertEquals(2, log.timelines().size());
            assertEquals("restored", log.latest().why());
            assertFalse(log.latest().gap());
            try (Connection again = TestDatabase.open(database)) {
                insert(again, 2, 10);
            }
            host.flush();
            assertEquals(1, log.latest().transactions());
            host.source().close();
            host.source().close();
            host.source().pause();
        }
    }

    @Test
    void aDatabaseInRollbackModeIsToldAndFollowedOnceItIsInWalMode() throws Exception {
        TestDatabase.one(database, "PRAGMA journal_mode=DELETE");
        try (Protected host = start(ContinuousProtection.defaults())) {
            assertFalse(host.source().flush(SOON));
            assertTrue(host.source().state().problem().orElseThrow().contains("PRAGMA journal_mode=WAL"));
            TestDatabase.run(database, "PRAGMA busy_timeout=60000", "PRAGMA journal_mode=WAL");
            host.flush();
            assertEquals(Optional.empty(), host.source().state().problem());
            assertTrue(host.source().state().running());
        }
    }

    @Test
    void aMissingDatabaseIsFollowedOnceItIsThere() throws Exception {
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(folder.resolve("host.db" + suffix));
        }
        try (Protected host = start(ContinuousProtection.defaults())) {
            assertFalse(host.source().flush(SOON));
            assertFalse(Files.exists(database), "it is not made");
            create();
            host.flush();
        }
    }

    @Test
    void aFullSpoolHoldsTheLogOnlyUpToItsLimitAndThenTheHostGoesOn() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = startWithLimit(1 << 20)) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=60000");
            host.flush();
            log.fail(this::fullSpool);
            insert(writer, 1, 100);
            assertFalse(host.source().flush(SOON));
            assertTrue(host.source().state().problem().orElseThrow().contains("Mend the repository"));
            insert(writer, 200, 3000);
            assertFalse(host.source().flush(SOON));
            assertFalse(host.source().state().running(), "let go");
            // Nobody holds the log now: the host's own checkpoint restarts it.
            assertEquals("0", TestDatabase.one(writer, "PRAGMA wal_checkpoint(TRUNCATE)"));
            log.fail(Optional::empty);
            insert(writer, 1000, 10);
            host.flush();
            assertEquals(2, log.timelines().size());
            assertTrue(log.latest().gap());
            long before = log.latest().transactions();
            insert(writer, 2000, 10);
            host.flush();
            assertEquals(before + 1, log.latest().transactions());
        }
    }

    @Test
    void whatCouldNotBeShippedWhenTheHostEndedIsShippedByTheNextOne() throws Exception {
        Protected.Base base;
        try (Protected host = start(ContinuousProtection.defaults())) {
            try (Connection writer = TestDatabase.open(database)) {
                insert(writer, 1, 10);
                host.flush();
                base = host.base();
                insert(writer, 20, 10);
                host.flush();
                log.fail(this::fullSpool);
                insert(writer, 40, 10);
                assertFalse(host.source().flush(SOON));
            }
        }
        log.fail(Optional::empty);
        try (Protected host = start(ContinuousProtection.defaults())) {
            host.flush();
            assertEquals(1, log.timelines().size(), () -> log.latest().why());
            try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
                assertEquals(2, replay.end() - replay.at());
                replay.to(replay.end()).assertSameAs(host.base().bytes(), "the end");
            }
        }
    }

    @Test
    void aLogThatWasLongOnceIsNotLetGoWhileItIsShort() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = startWithLimit(1 << 20)) {
            host.flush();
            insert(writer, 1, 3000);
            host.flush();
            TestDatabase.one(writer, "PRAGMA wal_checkpoint(PASSIVE)");
            host.flush();
            insert(writer, 1, 1); // Begins anew at the beginning of a long file.
            host.flush();
            assertTrue(Files.size(folder.resolve("host.db-wal")) > 2 << 20, "SQLite does not make it shorter");
            log.fail(this::fullSpool);
            insert(writer, 1, 5);
            assertFalse(host.source().flush(SOON));
            assertEquals("1", TestDatabase.one(writer, "PRAGMA wal_checkpoint(TRUNCATE)"), "it is held");
            log.fail(Optional::empty);
            insert(writer, 1, 5);
            host.flush();
            assertEquals(1, log.timelines().size(), () -> log.latest().why());
        }
    }

    @Test
    void aLogThatWasLetGoAndNotRestartedGoesOnOnTheSameTimeline() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = startWithLimit(1 << 20)) {
            TestDatabase.run(writer, "PRAGMA wal_autocheckpoint=0", "PRAGMA busy_timeout=60000");
            insert(writer, 1, 1);
            host.flush();
            insert(writer, 1, 1);
            host.flush();
            Protected.Base base = host.base();
            AtomicInteger failures = new AtomicInteger();
            log.fail(() -> {
                failures.incrementAndGet();
                return fullSpool();
            });
            for (int i = 0; i < 5; i++) {
                insert(writer, 1000 * i, 300);
                host.source().flush(SOON);
            }
            assertTrue(failures.get() > 0);
            assertFalse(host.source().state().running());
            log.fail(Optional::empty);
            host.flush();
            assertEquals(1, log.timelines().size(), () -> log.timelines().toString());
            try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
                assertEquals(5, replay.end() - replay.at());
                replay.to(replay.end()).assertSameAs(host.base().bytes(), "the end");
            }
        }
    }

    @Test
    void aLogThatNeverStandsStillIsRestartedAtHalfOfItsLimit() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = startWithLimit(4 << 20)) {
            TestDatabase.run(writer, "PRAGMA busy_timeout=60000", "PRAGMA synchronous=OFF");
            host.flush();
            Protected.Base base = host.base();
            int commits = 0;
            Set<WalHeader> generations = new HashSet<>();
            // How many it takes is a matter of the threads beside this one. It waits for a shipper that is far behind,
            // but never for a restart.
            while ((generations.size() <= RESTARTS || commits < 6000) && commits < MOST_COMMITS) {
                while (commits - log.latest().transactions() > AHEAD) {
                    LockSupport.parkNanos(1_000_000);
                }
                insert(writer, commits % 700, 2);
                commits++;
                generation().ifPresent(generations::add);
            }
            assertTrue(
                    generations.size() > RESTARTS, generations.size() + " generations of " + commits + " transactions");
            host.flush();
            assertEquals(1, log.timelines().size());
            try (Replay replay = host.replay(folder.resolve("replay.db"), base)) {
                replay.to(commits).assertSameAs(host.base().bytes(), "the end");
            }
        }
    }

    @Test
    void whenSomebodyElseShipsTheDatabaseANewTimelineBegins() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start(RareLooks.settings())) {
            host.flush();
            AtomicInteger left = new AtomicInteger(1);
            log.fail(() -> left.getAndDecrement() == 1
                    ? Optional.of(new TimelineLostException("segments/1"))
                    : Optional.empty());
            insert(writer, 1, 10);
            assertFalse(host.source().flush(SOON));
            host.flush();
            assertEquals(2, log.timelines().size());
            assertTrue(log.latest().gap());
        }
    }

    @Test
    void aBaseIsAskedForOnceMoreIsKeptThanTheDatabaseHolds() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start(ContinuousProtection.defaults())) {
            host.flush();
            for (int i = 0; i < 5; i++) {
                insert(writer, 0, 14_000);
                host.flush();
                assertEquals(i < 4 ? 0 : 1, log.basesAsked().size(), "after " + i);
            }
            host.base();
            insert(writer, 0, 14_000);
            host.flush();
            assertEquals(1, log.basesAsked().size(), "the base counts");
        }
    }

    @Test
    void aLogThatWasLetGoAndTakenUpAgainIsAsLongToRestoreAsBefore() throws Exception {
        try (Connection writer = TestDatabase.open(database);
                Protected host = start(ContinuousProtection.defaults())) {
            host.flush();
            for (int i = 0; i < 5; i++) {
                insert(writer, 0, 14_000);
                host.flush();
                assertEquals(i < 4 ? 0 : 1, log.basesAsked().size(), "after " + i);
                log.fail(() -> {
                    throw new IllegalStateException("anything that makes it begin again");
                });
                insert(writer, 0, 1);
                assertFalse(host.source().flush(SOON));
                log.fail(Optional::empty);
                host.flush();
            }
            assertEquals(1, log.timelines().size());
        }
    }

    @Test
    void theHostsLocksSurviveTheFollowing() throws Exception {
        try (Connection writer = TestDatabase.open(database)) {
            TestDatabase.run(writer, "BEGIN IMMEDIATE", "INSERT INTO t VALUES(1, 'x')");
            Protected host = start(ContinuousProtection.defaults());
            host.flush();
            assertEquals("locked", HostProcess.tryToWrite(database), "while it is followed");
            host.source().pause();
            assertEquals("locked", HostProcess.tryToWrite(database), "after a pause");
            host.source().resume("again");
            host.flush();
            host.close();
            assertEquals("locked", HostProcess.tryToWrite(database), "after the end");
            TestDatabase.run(writer, "COMMIT");
            assertEquals("written", HostProcess.tryToWrite(database));
        }
    }

    @Test
    void whatAnotherProcessCommitsIsShipped() throws Exception {
        TestDatabase.counter(database, "wal", 1);
        try (Protected host = start(ContinuousProtection.defaults());
                HostProcess other = HostProcess.startReady("write", database.toString())) {
            host.flush();
            long before = log.latest().transactions();
            other.commit();
            host.flush();
            assertEquals(before + 1, log.latest().transactions());
        }
    }

    private Optional<WalHeader> generation() throws Exception {
        try (WalFile wal = WalFile.open(folder.resolve("host.db-wal"))) {
            return wal.header();
        }
    }

    private Optional<BackupException> fullSpool() {
        return Optional.of(new LimitExceededException("spool", 2, 1, "Mend the repository"));
    }

    private Protected startWithLimit(long walBytes) throws Exception {
        return start(
                ContinuousProtection.defaults().pollEvery(Duration.ofMillis(50)).walLimit(walBytes));
    }

    private Protected start(ContinuousProtection settings) throws Exception {
        return Protected.start(database, log, settings);
    }

    private static void insert(Connection writer, int from, int count) throws Exception {
        TestDatabase.run(
                writer,
                "WITH RECURSIVE n(i) AS (SELECT " + from + " UNION ALL SELECT i + 1 FROM n WHERE i < " + (from + count)
                        + ") INSERT OR REPLACE INTO t SELECT i, randomblob(1000) FROM n");
    }
}
