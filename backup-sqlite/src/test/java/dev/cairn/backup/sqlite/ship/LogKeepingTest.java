package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.sqlite.RareLooks;
import dev.cairn.backup.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log stays below its limit, however fast the writers are. */
@Timeout(600)
class LogKeepingTest {

    private static final long LIMIT = 16 * 1024 * 1024;
    private static final int TIMES_FASTER = 3;
    private static final int COMMITS = 6;

    @TempDir
    Path folder;

    private final KeptLog log = KeptLog.inMemory();

    @Test
    void aWriterThatIsThreeTimesAsFastAsShippingDoesNotOutgrowTheLimit() throws Exception {
        Path database = folder.resolve("host.db");
        TestDatabase.run(database, "PRAGMA journal_mode=WAL", "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)");
        AtomicInteger commits = new AtomicInteger();
        try (Connection writer = TestDatabase.open(database);
                Protected host = Protected.start(database, log, RareLooks.settings(LIMIT))) {
            host.flush();
            TestDatabase.run(writer, "PRAGMA busy_timeout=0");
            TestDatabase.run(writer, "PRAGMA wal_autocheckpoint=0");
            insert(writer, LIMIT / 6);
            log.watch(step -> {
                if (step.equals("kept") && commits.get() < COMMITS) {
                    writeMore(writer, commits);
                }
            });

            host.flush();
            log.watch(step -> {});
            host.flush();

            assertTrue(commits.get() > 0, "it went on while the log was shipped");
            assertEquals(1 + commits.get(), log.latest().transactions());
            long greatest = Files.size(folder.resolve("host.db-wal"));
            assertTrue(greatest < LIMIT, greatest + " bytes after " + commits + " commits");
        }
    }

    /** A host's writer would wait while it is held back; this one is the shipper's own thread and goes without. */
    private void writeMore(Connection writer, AtomicInteger commits) {
        List<LogSegment> segments = log.latest().segments();
        long shipped = segments.get(segments.size() - 1).content().length;
        try {
            insert(writer, TIMES_FASTER * shipped);
            commits.incrementAndGet();
        } catch (java.sql.SQLException e) {
            assertTrue(e.getMessage().contains("BUSY"), e.getMessage());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void insert(Connection writer, long bytes) throws Exception {
        TestDatabase.run(writer, "INSERT INTO t(value) VALUES(randomblob(" + bytes + "))");
    }
}
