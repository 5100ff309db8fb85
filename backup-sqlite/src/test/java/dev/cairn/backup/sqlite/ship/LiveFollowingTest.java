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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

/** A writer that never pauses: each transaction moves money between accounts and adds one to the log. Every one of its states can be had, and is a state that was. */
@Timeout(180)
class LiveFollowingTest {

    private static final int ACCOUNTS = 100;

    @TempDir
    Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch running = new CountDownLatch(1);

    @Test
    void everyTransactionUnderALiveWriterCanBeRestored() throws Exception {
        Path database = folder.resolve("host.db");
        create(database);
        KeptLog log = KeptLog.inMemory();
        try (Protected host = Protected.start(database, log)) {
            host.flush();
            Thread writer = new Thread(() -> write(database));
            writer.start();
            running.await();
            List<Protected.Base> bases = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                bases.add(host.base());
                while (log.latest().transactions() < (i + 1) * 400L) {
                    host.flush();
                }
            }
            stop.set(true);
            writer.join();
            assertEquals(null, failure.get(), "the host was not disturbed");
            host.flush();
            bases.add(host.base());
            assertEquals(1, log.timelines().size(), () -> log.timelines().toString());
            assertFalse(log.latest().gap());
            assertTrue(
                    bases.stream().filter(it -> it.patched().isPresent()).count() >= 1, "snapshots by changes alone");
            check(host, bases);
        }
    }

    private void check(Protected host, List<Protected.Base> bases) throws Exception {
        long first = bases.get(0).position().orElseThrow().transaction();
        try (Replay replay = host.replay(folder.resolve("replay.db"), bases.get(0))) {
            long before = sequence(replay.file());
            int next = 1;
            for (long at = first + 1; at <= replay.end(); at++) {
                replay.to(at);
                long sequence = checked(replay.file(), at % 50 == 0);
                assertEquals(before + 1, sequence, "transaction " + at);
                before = sequence;
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
            TestDatabase.run(connection, "PRAGMA synchronous=OFF", "PRAGMA busy_timeout=5000");
            connection.setAutoCommit(false);
            try (PreparedStatement take =
                            connection.prepareStatement("UPDATE account SET amount = amount - ? WHERE id = ?");
                    PreparedStatement give =
                            connection.prepareStatement("UPDATE account SET amount = amount + ? WHERE id = ?");
                    PreparedStatement add = connection.prepareStatement("INSERT INTO log VALUES(?, randomblob(900))")) {
                for (long seq = 1; !stop.get(); seq++) {
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

    private static void change(PreparedStatement statement, long amount, long account) throws Exception {
        statement.setLong(1, amount);
        statement.setLong(2, account);
        statement.executeUpdate();
    }
}
