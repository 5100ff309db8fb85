package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.live.Connections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

/** A writer that never pauses: each transaction moves money between accounts and adds one to the log. Every one of its states can be had, and is a state that was. */
@Timeout(900)
class LiveFollowingTest {

    private static final int ACCOUNTS = 100;

    /** So many transactions are looked at one by one. */
    private static final int EACH = 2000;

    private static final int AHEAD = 2000;

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch running = new CountDownLatch(1);

    @Test
    void everyTransactionUnderALiveWriterCanBeRestored() throws Exception {
        Path database = folder.resolve("host.db");
        create(database);
        try (Protected host = Protected.start(database, log)) {
            host.flush();
            Thread writer = new Thread(() -> write(database));
            writer.start();
            running.await();
            List<Protected.Base> bases = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long begun = addBase(host, bases);
                while (log.latest().transactions() < begun + 400) {
                    assertEquals(null, failure.get(), "the host was not disturbed");
                    host.flush();
                }
            }
            stop.set(true);
            writer.join();
            assertEquals(null, failure.get(), "the host was not disturbed");
            host.flush();
            addBase(host, bases);
            assertEquals(1, log.timelines().size(), () -> log.timelines().toString());
            assertFalse(log.latest().gap());
            assertTrue(
                    bases.stream().filter(it -> it.patched().isPresent()).count() >= 1, "snapshots by changes alone");
            check(host, bases);
        }
    }

    /** Answers its position. No barrier holds the writer back here, so that it may come in between each time that the log is looked at: such a snapshot has none. */
    private static long addBase(Protected host, List<Protected.Base> bases) throws Exception {
        Protected.Base base = host.base();
        while (base.position().isEmpty()) {
            base = host.base();
        }
        bases.add(base);
        return base.position().orElseThrow().transaction();
    }

    private void check(Protected host, List<Protected.Base> bases) throws Exception {
        long first = bases.get(0).position().orElseThrow().transaction();
        try (Replay replay = host.replay(folder.resolve("replay.db"), bases.get(0))) {
            long begun = sequence(replay.file());
            int next = 1;
            for (long at = first + 1; at <= replay.end(); at++) {
                replay.to(at);
                // There are many more where the writer is fast and the rest is not.
                if (at - first <= EACH || at % 50 == 0 || at == replay.end()) {
                    assertEquals(begun + at - first, checked(replay.file(), at % 50 == 0), "transaction " + at);
                }
                if (bases.get(next).position().orElseThrow().transaction() == at) {
                    replay.assertSameAs(bases.get(next).bytes(), "base " + next);
                    next++;
                }
            }
            assertEquals(bases.size(), next, "every base lies where it says");
            assertTrue(replay.end() - first >= 500, "points: " + (replay.end() - first));
        }
    }

    private static long checked(Path file, boolean integrity) throws Exception {
        SQLiteConnection connection = Connections.openImmutable(file);
        try {
            if (integrity) {
                assertEquals("ok", TestDatabase.one(connection, "PRAGMA integrity_check"));
            }
            assertEquals("100000", TestDatabase.one(connection, "SELECT sum(amount) FROM account"));
            long last = Long.parseLong(TestDatabase.one(connection, "SELECT coalesce(max(seq), 0) FROM log"));
            assertEquals(last, Long.parseLong(TestDatabase.one(connection, "SELECT count(*) FROM log")));
            return last;
        } finally {
            connection.close();
        }
    }

    private static long sequence(Path file) throws Exception {
        return checked(file, true);
    }

    static void create(Path database) throws Exception {
        TestDatabase.run(
                database,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE account(id INTEGER PRIMARY KEY, amount INTEGER)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ACCOUNTS + ")"
                        + " INSERT INTO account SELECT i, 1000 FROM n",
                "CREATE TABLE log(seq INTEGER PRIMARY KEY, filler BLOB)");
    }

    private void write(Path database) {
        try (Connection connection = TestDatabase.open(database)) {
            TestDatabase.run(connection, "PRAGMA synchronous=OFF", "PRAGMA busy_timeout=60000");
            connection.setAutoCommit(false);
            try (PreparedStatement take =
                            connection.prepareStatement("UPDATE account SET amount = amount - ? WHERE id = ?");
                    PreparedStatement give =
                            connection.prepareStatement("UPDATE account SET amount = amount + ? WHERE id = ?");
                    PreparedStatement add = connection.prepareStatement("INSERT INTO log VALUES(?, randomblob(900))")) {
                for (long seq = 1; !stop.get(); seq++) {
                    awaitShipping(seq);
                    change(take, seq % 7, 1 + seq % ACCOUNTS);
                    change(give, seq % 7, 1 + (seq * 31) % ACCOUNTS);
                    add.setLong(1, seq);
                    add.executeUpdate();
                    connection.commit();
                    running.countDown();
                }
            }
        } catch (Throwable e) {
            failure.set(e);
            running.countDown();
        }
    }

    /** Only a writer that would be out of sight waits, as on a machine that has no time for the shipper's thread: all that is shipped is kept in memory here. */
    private void awaitShipping(long seq) {
        while (!stop.get() && seq - log.latest().transactions() > AHEAD) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void change(PreparedStatement statement, long amount, long account) throws Exception {
        statement.setLong(1, amount);
        statement.setLong(2, account);
        statement.executeUpdate();
    }
}
