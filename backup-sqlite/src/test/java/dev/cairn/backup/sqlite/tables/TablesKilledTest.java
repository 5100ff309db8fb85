package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.restore.FileJournal;
import dev.cairn.backup.sqlite.restore.HostProcess;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is killed at random moments of a swap, wherever SQLite or the kernel are; other processes pick it up by the journal. */
@Timeout(900)
class TablesKilledTest {

    private static final int ROWS = 40_000;
    private static final int KILLS = 8;
    private static final int MOST_KILLS = 5 * KILLS;

    @TempDir
    Path folder;

    private Path live;
    private Path lines;

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void whereverASwapIsKilledTheRowsAreAllOldOrAllNewAndRecoveryEndsIt(String mode) throws Exception {
        makeADatabaseAndItsSnapshot(mode);
        long swap = uninterrupted();
        Random random = new Random(20_260_215);
        Set<String> found = new TreeSet<>();
        // A kill may come late, and so all of them after the commit, on a machine that does much beside.
        for (int kill = 0; kill < KILLS || !found.contains("old") && kill < MOST_KILLS; kill++) {
            Path journal = folder.resolve("journal-" + kill);
            // One slice of the swap for each kill, and a little more for its end.
            long slice = swap * 5 / 4 / KILLS;
            killAfter(kill % KILLS * slice + (long) (random.nextDouble() * slice), journal);
            String state = state();
            found.add(state);
            SqliteTablesDataset dataset = dataset();
            boolean undo = random.nextBoolean();
            for (int time = 0; time < 2; time++) {
                StagedRestore resumed = dataset.resume(new FileJournal(journal));
                if (undo) {
                    resumed.rollback();
                } else {
                    resumed.swap();
                }
                assertEquals(undo ? "old" : "new", state(), mode + " " + kill + " was " + state);
            }
            if (!undo) {
                dataset.resume(new FileJournal(journal)).finish();
            }
            assertFalse(Files.exists(folder.resolve(".cairn-restore-7-state")));
            assertEquals("ok", TestDatabase.one(live, "PRAGMA integrity_check"));
            TestDatabase.run(live, "UPDATE t SET generation = 2");
        }
        assertTrue(found.contains("old"), () -> "no kill came before the commit: " + found);
    }

    /** How long a swap takes that nobody disturbs, in nanoseconds. */
    private long uninterrupted() throws Exception {
        Path journal = folder.resolve("journal");
        long took;
        try (HostProcess process = start(journal)) {
            long begun = System.nanoTime();
            assertEquals("swapped", process.nextLine());
            took = System.nanoTime() - begun;
        }
        assertEquals("new", state());
        dataset().resume(new FileJournal(journal)).rollback();
        assertEquals("old", state());
        return took;
    }

    private void killAfter(long nanos, Path journal) throws Exception {
        HostProcess process = start(journal);
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            // Nothing tells of this moment, which is the point; what follows does not depend on when it comes.
            LockSupport.parkNanos(Math.min(end - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1)));
        }
        process.kill();
    }

    private HostProcess start(Path journal) throws Exception {
        return HostProcess.startReady("swap-tables", live.toString(), lines.toString(), journal.toString(), "t");
    }

    /** {@code old} or {@code new}, if all rows and their index say so. */
    private String state() throws Exception {
        String all = TestDatabase.one(
                live,
                "SELECT count(*) || ' ' || min(generation) || ' ' || max(generation) || ' ' || (SELECT count(*) FROM t INDEXED BY by_text WHERE text > '') || ' '"
                        + " || (SELECT count(*) FROM other) FROM t");
        String expected = " " + ROWS + " 1";
        if (all.equals(ROWS + " 2 2" + expected)) {
            return "old";
        }
        assertEquals(ROWS + " 1 1" + expected, all);
        return "new";
    }

    private SqliteTablesDataset dataset() {
        return SqliteTablesDataset.of("state", live, "t");
    }

    private void makeADatabaseAndItsSnapshot(String mode) throws Exception {
        live = folder.resolve("app.db");
        TestDatabase.run(
                live,
                "PRAGMA journal_mode=" + mode,
                "CREATE TABLE t(id INTEGER PRIMARY KEY, generation, text)",
                "CREATE INDEX by_text ON t(text)",
                "CREATE TABLE other(x)",
                "INSERT INTO other VALUES('stays')",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ")"
                        + " INSERT INTO t SELECT i, 1, 'text of row ' || (i * 7919 % 40009) FROM n");
        Entry entry = TableTests.take(dataset(), folder).all().get(0);
        lines = folder.resolve("t.jsonl");
        try (InputStream in = entry.content().open()) {
            Files.copy(in, lines);
        }
        TestDatabase.run(live, "UPDATE t SET generation = 2");
    }
}
