package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.restore.HostProcess;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which lock it is that keeps a snapshot from reading, and whose. */
@Timeout(600)
class LockedDatabaseTest {

    private static final boolean LOCKS_ARE_TOLD = Files.isReadable(Path.of("/proc/locks"));

    @TempDir
    Path folder;

    @Test
    void anotherProcessThatKeepsAWalDatabaseForItselfIsTold() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (HostProcess host = HostProcess.startReady("exclusive", live.toString())) {
            String message = refusal(live).getMessage();
            assertTrue(message.contains("by a connection in locking_mode=EXCLUSIVE"), message);
            assertTrue(message.contains("PRAGMA locking_mode=NORMAL"), message);
            assertNames(message, "process " + host.pid());
            assertFalse(message.contains("transaction that stays open"), message);
        }
        prepares(live);
    }

    @Test
    void inRollbackModeBothCausesOfAnExclusiveLockAreNamed() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "delete", 1);
        for (String how : List.of("exclusive", "transaction")) {
            try (HostProcess host = HostProcess.startReady(how, live.toString())) {
                String message = refusal(live).getMessage();
                assertTrue(message.contains("a transaction that stays open"), message);
                assertTrue(message.contains("locking_mode=EXCLUSIVE"), message);
                assertNames(message, "process " + host.pid());
            }
        }
        prepares(live);
    }

    @Test
    void aConnectionOfThisProcessIsToldAsSuch() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "PRAGMA locking_mode=EXCLUSIVE", "UPDATE counter SET value = 2");
            assertNames(refusal(live).getMessage(), "this process");
        }
    }

    @Test
    void aWriterThatWaitsForAReaderIsAnOrdinaryLock() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "delete", 1);
        try (Connection reader = TestDatabase.open(live);
                Connection writer = TestDatabase.open(live)) {
            TestDatabase.run(reader, "BEGIN");
            TestDatabase.one(reader, "SELECT value FROM counter");
            TestDatabase.run(writer, "PRAGMA busy_timeout=0", "BEGIN", "UPDATE counter SET value = 2");
            assertThrows(SQLException.class, () -> TestDatabase.run(writer, "COMMIT"), "keeps its PENDING lock");
            String message = refusal(live).getMessage();
            assertTrue(message.contains("is locked by another connection"), message);
            assertFalse(message.contains("held by"), message);
        }
    }

    @Test
    void theKernelsTableIsRead() {
        List<String> lines = List.of(
                "1: POSIX  ADVISORY  WRITE 707 fe:00:10216712 1073741824 1073742335",
                "2: POSIX  ADVISORY  READ  708 fe:00:10216712 1073741826 1073742335",
                "3: POSIX  ADVISORY  WRITE 709 fe:00:10216712 1073741824 1073741825",
                "3: -> POSIX  ADVISORY  WRITE 710 fe:00:10216712 1073741824 1073742335",
                "4: POSIX  ADVISORY  WRITE 711 08:01:10216712 1073741824 1073742335",
                "5: FLOCK  ADVISORY  WRITE 712 fe:00:10216712 0 EOF",
                "6: OFDLCK ADVISORY  WRITE -1 fe:00:9 0 EOF",
                "");
        Device device = new Device(254, 0);
        assertEquals(Set.of(707L, 712L), LockHolders.exclusive(lines, device, "10216712"));
        assertEquals("a process of another container", LockHolders.inWords(LockHolders.exclusive(lines, device, "9")));
        assertEquals(Set.of(711L), LockHolders.exclusive(lines, new Device(8, 1), "10216712"));
        assertEquals(Set.of(), LockHolders.exclusive(lines, device, "1021671"));
    }

    private SourceException refusal(Path live) {
        return assertThrows(SourceException.class, () -> prepares(live));
    }

    private void prepares(Path live) {
        SqliteDataset.of("memory", live)
                .busyTimeout(Duration.ofMillis(20))
                .prepare(RecordingCaptureContext.in(folder.resolve("scratch")))
                .orElseThrow()
                .close();
    }

    private static void assertNames(String message, String holder) {
        assertTrue(!LOCKS_ARE_TOLD || message.contains("held by " + holder), message);
    }
}
