package dev.cairn.backup.sqlite.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A process ends at each step of a swap or of its undoing; another one picks it up by the journal. */
@Timeout(600)
class SwapCrashTest {

    @TempDir
    Path folder;

    private Path live;
    private Path snapshot;
    private Path journal;

    @BeforeEach
    void makeADatabaseWhoseLastCommitIsOnlyInItsLog() throws Exception {
        live = Files.createDirectories(folder.resolve("live")).resolve("memory.db");
        snapshot = TestDatabase.counter(folder.resolve("snapshot.db"), "wal", 1);
        journal = folder.resolve("journal");
        Path host = TestDatabase.counter(folder.resolve("host.db"), "wal", 2);
        try (Connection connection = TestDatabase.open(host)) {
            TestDatabase.run(connection, "PRAGMA wal_autocheckpoint=0", "UPDATE counter SET value = 3");
            // As a host that crashed leaves it: main file and log, nobody connected.
            Files.copy(host, live, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(folder.resolve("host.db-wal"), folder.resolve("live/memory.db-wal"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SwapStep.class,
            mode = Mode.EXCLUDE,
            names = {"SIDECARS_ASIDE", "UNDO_CLEARED", "UNDO_RENAMED", "UNDO_SIDECARS"})
    void aSwapThatDiesAtAnyStepIsRolledBackWithEveryCommit(SwapStep step) throws Exception {
        die("swap", step);
        assertTrue(
                TestDatabase.counterOf(copyOfLive()) == (step.compareTo(SwapStep.RENAMED) < 0 ? 3 : 1),
                "a host that forgets to recover finds the old database or the new one, whole");
        DatabaseRestore.resume(Restores.settings(live), new FileJournal(journal))
                .rollback();
        assertOld();
        DatabaseRestore.resume(Restores.settings(live), new FileJournal(journal))
                .rollback();
        assertOld();
    }

    @ParameterizedTest
    @EnumSource(
            value = SwapStep.class,
            mode = Mode.EXCLUDE,
            names = {"SIDECARS_ASIDE", "UNDO_CLEARED", "UNDO_RENAMED", "UNDO_SIDECARS"})
    void aSwapThatDiesAtAnyStepIsFinished(SwapStep step) throws Exception {
        die("swap", step);
        DatabaseRestore restore = DatabaseRestore.resume(Restores.settings(live), new FileJournal(journal));
        restore.swap();
        restore.finish();
        assertEquals(
                java.util.Set.of("memory.db", "memory-before-20260215-142345.db"),
                Restores.names(folder.resolve("live")));
        assertEquals(1, TestDatabase.counterOf(live));
        assertEquals(3, TestDatabase.counterOf(folder.resolve("live/memory-before-20260215-142345.db")));
    }

    @ParameterizedTest
    @EnumSource(
            value = SwapStep.class,
            names = {"UNDO_CLEARED", "UNDO_RENAMED", "UNDO_SIDECARS"})
    void anUndoingThatDiesAtAnyStepIsDoneAgain(SwapStep step) throws Exception {
        DatabaseRestore.stage(Restores.settings(live), Restores.snapshotOf(snapshot), new FileJournal(journal))
                .swap();
        die("undo", step);
        DatabaseRestore.resume(Restores.settings(live), new FileJournal(journal))
                .rollback();
        assertOld();
    }

    @ParameterizedTest
    @EnumSource(
            value = SwapStep.class,
            mode = Mode.EXCLUDE,
            names = {"UNDO_CLEARED", "UNDO_RENAMED", "UNDO_SIDECARS"})
    void aDamagedDatabaseIsBroughtBackWithItsLogWhereverTheSwapDied(SwapStep step) throws Exception {
        byte[] garbage = "not a database ".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Files.write(live, garbage);
        byte[] log = Files.readAllBytes(folder.resolve("live/memory.db-wal"));
        die("swap", step);
        DatabaseRestore.resume(Restores.settings(live), new FileJournal(journal))
                .rollback();
        var names = Restores.names(folder.resolve("live"));
        names.remove("memory.db-shm"); // an index of the log, made anew by whoever reads it
        assertEquals(java.util.Set.of("memory.db", "memory.db-wal"), names);
        assertEquals(-1, java.util.Arrays.mismatch(garbage, Files.readAllBytes(live)));
        assertEquals(-1, java.util.Arrays.mismatch(log, Files.readAllBytes(folder.resolve("live/memory.db-wal"))));
    }

    private void die(String what, SwapStep step) throws Exception {
        try (HostProcess process =
                HostProcess.start(what, live.toString(), snapshot.toString(), journal.toString(), step.name())) {
            assertEquals(9, process.exitCode(), "it died at " + step);
        }
    }

    /** The live set as it lies, opened elsewhere so that the test changes nothing. */
    private Path copyOfLive() throws Exception {
        Path copies = Files.createDirectories(folder.resolve("copies"));
        for (String suffix : new String[] {"", "-wal", "-journal"}) {
            Path file = live.resolveSibling("memory.db" + suffix);
            if (Files.exists(file)) {
                Files.copy(file, copies.resolve("memory.db" + suffix));
            }
        }
        return copies.resolve("memory.db");
    }

    private void assertOld() throws Exception {
        assertFalse(Restores.names(folder.resolve("live")).stream()
                .anyMatch(name -> name.contains("-before-") || name.startsWith(".")));
        assertEquals(3, TestDatabase.counterOf(live), "the commit that was only in the log is there");
        assertEquals("wal", TestDatabase.one(live, "PRAGMA journal_mode"));
        assertEquals("ok", TestDatabase.one(live, "PRAGMA integrity_check"));
    }
}
