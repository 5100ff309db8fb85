package dev.cairn.backup.sqlite.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.OpenFiles;
import dev.cairn.backup.testkit.MapStageContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that anybody has open is not replaced, and nobody loses a commit. */
@Timeout(600)
class InUseTest {

    @TempDir
    Path folder;

    private Path live;
    private Path other;

    @BeforeEach
    void makeTheSnapshot() throws Exception {
        live = Files.createDirectories(folder.resolve("live")).resolve("memory.db");
        other = TestDatabase.counter(folder.resolve("other.db"), "wal", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void anIdleConnectionOfThisProcessIsFound(String journal) throws Exception {
        assumeFound(journal);
        TestDatabase.counter(live, journal, 2);
        StagedRestore staged = stage();
        try (Connection idle = TestDatabase.open(live)) {
            TestDatabase.one(idle, "SELECT value FROM counter");
            assertRefused(staged);
            TestDatabase.run(idle, "UPDATE counter SET value = 3");
        }
        assertEquals(3, TestDatabase.counterOf(live), "the idle connection's commit is not lost");
        staged.swap();
        assertEquals(1, TestDatabase.counterOf(live));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void aConnectionOfContinuousProtectionIsToldAsOneOfThisProcess(String journal) throws Exception {
        assumeTrue(OpenFiles.supported(), "who it is shows by the descriptors");
        TestDatabase.counter(live, journal, 2);
        StagedRestore staged = stage();
        try (Connection shipping = Connections.open(live, Duration.ZERO)) {
            TestDatabase.run(shipping, "BEGIN");
            TestDatabase.one(shipping, "SELECT value FROM counter");
            String message =
                    assertThrows(DatasetInUseException.class, staged::swap).getMessage();
            assertTrue(message.contains("held by this process (1 descriptor)"), message);
            assertTrue(message.contains("Cairn's continuous protection"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void aConnectionThatHasNotReadYetIsFound(String journal) throws Exception {
        assumeTrue(OpenFiles.supported(), "it holds no lock");
        TestDatabase.counter(live, journal, 2);
        StagedRestore staged = stage();
        try (Connection unused = TestDatabase.open(live)) {
            assertRefused(staged);
            assertEquals("2", TestDatabase.one(unused, "SELECT value FROM counter"));
        }
    }

    @ParameterizedTest
    @CsvSource({"wal, java", "delete, java", "wal, sqlite3", "delete, sqlite3"})
    void anIdleConnectionOfAnotherProcessIsFound(String journal, String program) throws Exception {
        assumeFound(journal);
        TestDatabase.counter(live, journal, 2);
        StagedRestore staged = stage();
        try (HostProcess host = program.equals("java") ? HostProcess.start("idle", live.toString()) : shell()) {
            host.untilReady();
            assertRefused(staged);
        }
        staged.swap();
        assertEquals(1, TestDatabase.counterOf(live));
    }

    @Test
    void somebodyWhoComesBetweenTheFirstLookAndTheRenameIsFoundAndKeepsHisDatabase() throws Exception {
        assumeTrue(OpenFiles.supported(), "he waits at the lock, where only his descriptor shows");
        TestDatabase.counter(live, "wal", 2);
        MapStageContext context = MapStageContext.create("restore-1");
        DatabaseRestore.stage(Restores.settings(live), Restores.snapshotOf(other), context);
        Connection[] late = new Connection[1];
        StagedRestore restore = DatabaseRestore.resume(Restores.settings(live), context, step -> {
            if (step == SwapStep.LINKED && late[0] == null) {
                try {
                    late[0] = TestDatabase.open(live);
                    TestDatabase.run(late[0], "PRAGMA busy_timeout=0");
                    assertThrows(
                            java.sql.SQLException.class,
                            () -> TestDatabase.run(late[0], "UPDATE counter SET value = 9"),
                            "nobody commits while the swap is under way");
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        var names = Restores.names(folder.resolve("live"));
        assertRefused(restore);
        TestDatabase.run(late[0], "UPDATE counter SET value = 3");
        late[0].close();
        assertEquals(3, TestDatabase.counterOf(live), "his commit is in the live database");
        assertEquals(names, Restores.names(folder.resolve("live")), "nothing was changed");
        restore.swap();
        assertEquals(1, TestDatabase.counterOf(live));
        restore.rollback();
        assertEquals(3, TestDatabase.counterOf(live));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void aRollbackWaitsUntilTheRestoredDatabaseIsClosed(String journal) throws Exception {
        assumeFound("wal");
        TestDatabase.counter(live, journal, 2);
        StagedRestore staged = stage();
        staged.swap();
        try (Connection idle = TestDatabase.open(live)) {
            TestDatabase.one(idle, "SELECT value FROM counter");
            assertThrows(DatasetInUseException.class, staged::rollback);
            assertEquals("1", TestDatabase.one(idle, "SELECT value FROM counter"));
        }
        staged.rollback();
        assertEquals(2, TestDatabase.counterOf(live));
    }

    private StagedRestore stage() throws Exception {
        return DatabaseRestore.stage(
                Restores.settings(live), Restores.snapshotOf(other), MapStageContext.create("restore-1"));
    }

    private void assertRefused(StagedRestore staged) throws Exception {
        DatasetInUseException refused = assertThrows(DatasetInUseException.class, staged::swap);
        assertEquals("memory", refused.dataset());
        assertTrue(refused.getMessage().contains(live.toString())
                && refused.getMessage().contains("Close every connection"));
    }

    private HostProcess shell() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/sqlite3")), "no sqlite3 here");
        return HostProcess.sqlite3(live, "SELECT value FROM counter;");
    }

    private static void assumeFound(String journal) {
        assumeTrue(journal.equals("wal") || OpenFiles.supported(), "an idle connection in rollback mode holds no lock");
    }
}
