package dev.cairn.backup.sqlite.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Captures of a WAL database whose writer never stops. Accounts always sum up to 100 000, and the log has a row for each commit, without a gap. */
class LiveCaptureTest {

    private static final int ACCOUNTS = 100;

    @TempDir
    Path folder;

    private final ReentrantLock hostLock = new ReentrantLock(true);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch running = new CountDownLatch(2);
    private volatile long committed;
    private Path database;
    private Thread writer;
    private Thread reader;

    @BeforeEach
    void startTheHost() throws Exception {
        database = folder.resolve("host.db");
        TestDatabase.run(
                database,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE account(id INTEGER PRIMARY KEY, amount INTEGER)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ACCOUNTS + ")"
                        + " INSERT INTO account SELECT i, 1000 FROM n",
                "CREATE TABLE log(seq INTEGER PRIMARY KEY, filler BLOB)",
                "CREATE TABLE ballast(id INTEGER PRIMARY KEY, filler BLOB)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                        + " INSERT INTO ballast SELECT i, randomblob(1000) FROM n");
        writer = start(this::writeForEver);
        reader = start(this::readForEver);
        running.await();
    }

    @AfterEach
    void stopTheHost() throws Exception {
        stop.set(true);
        writer.join();
        reader.join();
        assertEquals(null, failure.get(), "the host's own connections were not disturbed");
    }

    @Test
    @Timeout(600)
    void everyCopyIsExactlyWhatWasCommittedAtTheBarrier() throws Exception {
        long last = 0;
        for (int round = 0; round < 8; round++) {
            RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
            SqliteDataset dataset = SqliteDataset.of("host", database).count("log", "SELECT count(*) FROM log");
            long atBarrier;
            try (PreparedCapture prepared = dataset.prepare(context).orElseThrow()) {
                FrozenView view;
                hostLock.lock();
                try {
                    view = prepared.freeze();
                    atBarrier = committed;
                } finally {
                    hostLock.unlock();
                }
                try (view) {
                    awaitCommitAfter(atBarrier);
                    assertPrefix(view, atBarrier);
                    assertEquals(atBarrier, view.counts().get("log"), "counts are of the snapshot, not of now");
                }
            }
            assertTrue(atBarrier > last, "each snapshot is newer than the one before");
            assertEquals(List.of(), context.warnings());
            assertEquals(List.of(), context.scratch().held());
            last = atBarrier;
        }
    }

    @Test
    @Timeout(600)
    void thePinIsGoneOnceTheCopyIsMade() throws Exception {
        RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
        try (PreparedCapture prepared =
                        SqliteDataset.of("host", database).prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            try (EntryCursor entries = view.entries()) {
                entries.next().content().open().close();
            }
            stopTheHost();
            try (Connection other = TestDatabase.open(database)) {
                assertEquals(
                        "0",
                        TestDatabase.one(other, "PRAGMA wal_checkpoint(TRUNCATE)"),
                        "nobody reads an old snapshot");
            }
            assertEquals(
                    0,
                    sizeOrZero(database.resolveSibling("host.db-wal")),
                    "the log could be reset with the view still open");
        }
    }

    /** The writer goes on while the view is open. */
    private void awaitCommitAfter(long atBarrier) throws InterruptedException {
        while (committed == atBarrier) {
            assertEquals(null, failure.get());
            writer.join(1);
        }
    }

    private void assertPrefix(FrozenView view, long atBarrier) throws Exception {
        Path copy = folder.resolve("copy.db");
        try (EntryCursor cursor = view.entries()) {
            Entry entry = cursor.next();
            assertEquals("host.db", entry.path().value());
            try (InputStream in = entry.content().open()) {
                Files.copy(in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            assertEquals(entry.size(), Files.size(copy), "the size is exact");
            assertEquals(null, cursor.next());
        }
        try (Connection connection = TestDatabase.open(copy)) {
            assertEquals("ok", TestDatabase.one(connection, "PRAGMA integrity_check"));
            assertEquals("wal", TestDatabase.one(connection, "PRAGMA journal_mode"), "the journal mode is kept");
            assertEquals(
                    ACCOUNTS * 1000, Long.parseLong(TestDatabase.one(connection, "SELECT sum(amount) FROM account")));
            assertEquals(
                    atBarrier, Long.parseLong(TestDatabase.one(connection, "SELECT coalesce(max(seq), 0) FROM log")));
            assertEquals(atBarrier, Long.parseLong(TestDatabase.one(connection, "SELECT count(*) FROM log")), "no gap");
        }
        Files.delete(copy);
    }

    private void writeForEver() throws Exception {
        try (Connection connection = TestDatabase.open(database)) {
            TestDatabase.run(connection, "PRAGMA synchronous=NORMAL");
            connection.setAutoCommit(false);
            try (PreparedStatement take =
                            connection.prepareStatement("UPDATE account SET amount = amount - ? WHERE id = ?");
                    PreparedStatement give =
                            connection.prepareStatement("UPDATE account SET amount = amount + ? WHERE id = ?");
                    PreparedStatement log = connection.prepareStatement("INSERT INTO log VALUES(?, randomblob(50))")) {
                for (long seq = 1; !stop.get(); seq++) {
                    hostLock.lock();
                    try {
                        change(take, seq % 7, 1 + seq % ACCOUNTS);
                        change(give, seq % 7, 1 + (seq * 31) % ACCOUNTS);
                        log.setLong(1, seq);
                        log.executeUpdate();
                        connection.commit();
                        committed = seq;
                    } finally {
                        hostLock.unlock();
                    }
                    if (seq == 1) {
                        running.countDown();
                    }
                }
            }
        }
    }

    private static void change(PreparedStatement statement, long amount, long account) throws Exception {
        statement.setLong(1, amount);
        statement.setLong(2, account);
        statement.executeUpdate();
    }

    private void readForEver() throws Exception {
        try (Connection connection = TestDatabase.open(database)) {
            running.countDown();
            while (!stop.get()) {
                assertEquals("100000", TestDatabase.one(connection, "SELECT sum(amount) FROM account"));
            }
        }
    }

    private Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                while (running.getCount() > 0) {
                    running.countDown();
                }
            }
        });
        thread.start();
        return thread;
    }

    private static long sizeOrZero(Path file) throws Exception {
        assertFalse(Files.isDirectory(file));
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private interface Work {
        void run() throws Exception;
    }
}
