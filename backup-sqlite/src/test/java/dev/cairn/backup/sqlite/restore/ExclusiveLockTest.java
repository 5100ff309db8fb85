package dev.cairn.backup.sqlite.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.sqlite.TestDatabase;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lock proves by itself, without any look at descriptors. */
@Timeout(600)
class ExclusiveLockTest {

    @TempDir
    Path folder;

    @Test
    void plainBeginExclusiveDoesNotMindAnIdleWalConnection() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (Connection idle = TestDatabase.open(live);
                Connection other = TestDatabase.open(live)) {
            TestDatabase.one(idle, "SELECT value FROM counter");
            TestDatabase.run(other, "BEGIN EXCLUSIVE", "COMMIT");
        }
    }

    @Test
    void anIdleWalConnectionOfThisProcessIsFoundByItsLock() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (Connection idle = TestDatabase.open(live)) {
            TestDatabase.one(idle, "SELECT value FROM counter");
            assertThrows(DatasetInUseException.class, () -> ExclusiveLock.acquire(Restores.settings(live), live));
            TestDatabase.run(idle, "UPDATE counter SET value = 2");
        }
        assertEquals(2, TestDatabase.counterOf(live));
    }

    @Test
    void anIdleWalConnectionOfAnotherProcessIsFoundByItsLock() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (HostProcess idle = HostProcess.start("idle", live.toString())) {
            idle.untilReady();
            DatasetInUseException refused = assertThrows(
                    DatasetInUseException.class, () -> ExclusiveLock.acquire(Restores.settings(live), live));
            assertTrue(refused.getMessage().contains(live.toString()), refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void whileItIsHeldNobodyReadsOrWrites(String journal) throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), journal, 1);
        try (ExclusiveLock lock =
                        ExclusiveLock.acquire(Restores.settings(live), live).orElseThrow();
                Connection late = TestDatabase.open(live)) {
            assertTrue(lock.checkpoint());
            TestDatabase.run(late, "PRAGMA busy_timeout=0");
            assertThrows(SQLException.class, () -> TestDatabase.one(late, "SELECT value FROM counter"));
            assertEquals("locked", HostProcess.tryToWrite(live));
        }
        assertEquals("written", HostProcess.tryToWrite(live));
    }

    @Test
    void lettingItGoAfterTheRenameLeavesTheNewDatabasesLogAlone() throws Exception {
        assumeTrue(File.separatorChar == '/', "a locked file is renamed");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        Path fresh = TestDatabase.counter(folder.resolve("fresh.db"), "wal", 5);
        Connection host = null;
        try (ExclusiveLock lock =
                ExclusiveLock.acquire(Restores.settings(live), live).orElseThrow()) {
            assertTrue(lock.checkpoint());
            Files.createLink(folder.resolve("aside.db"), live);
            Files.move(fresh, live, StandardCopyOption.ATOMIC_MOVE);
            host = TestDatabase.open(live);
            TestDatabase.run(host, "PRAGMA wal_autocheckpoint=0", "UPDATE counter SET value = 6");
        }
        assertTrue(
                Files.size(folder.resolve("memory.db-wal")) > 0,
                "the log that the new database's user writes is still there");
        host.close();
        assertEquals(6, TestDatabase.counterOf(live));
        assertEquals(1, TestDatabase.counterOf(folder.resolve("aside.db")));
    }

    @Test
    void aFileThatIsNoDatabaseHasNoLockAndKeepsItsLog() throws Exception {
        Path live = Files.write(folder.resolve("memory.db"), new byte[8192]);
        Files.writeString(live, "garbage ".repeat(1000));
        Files.write(folder.resolve("memory.db-wal"), new byte[] {1, 2, 3});
        assertFalse(ExclusiveLock.ofLive(Restores.settings(live), new dev.cairn.backup.sqlite.live.DatabaseFiles(live))
                .isPresent());
        assertEquals(3, Files.size(folder.resolve("memory.db-wal")));
    }
}
