package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.sqlite.TestDatabase;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;

@Timeout(600)
class ContinuousGuardTest {

    @TempDir
    Path folder;

    @Test
    void aWalDatabaseOnALocalDiskIsSafeBeforeAndAfterTheFirstReadAndInsideATransaction() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("my memory.db"), "wal", 1);
        try (SQLiteConnection connection = Connections.open(live, Duration.ZERO)) {
            ContinuousGuard.requireSafe(settings(live), connection);
            TestDatabase.run(connection, "BEGIN");
            ContinuousGuard.requireSafe(settings(live), connection);
            assertEquals("1", TestDatabase.one(connection, "SELECT value FROM counter"));
            assertFalse(connection.isClosed());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "truncate", "persist"})
    void aRollbackJournalIsRefusedWithTheWayOut(String journal) throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), journal, 1);
        try (SQLiteConnection connection = Connections.open(live, Duration.ZERO)) {
            assertRefused(live, connection, "PRAGMA journal_mode=WAL");
            TestDatabase.run(connection, "PRAGMA journal_mode=WAL");
            ContinuousGuard.requireSafe(settings(live), connection);
        }
    }

    @Test
    void aConnectionThatKeepsTheDatabaseForItselfIsRefused() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (SQLiteConnection connection = Connections.open(live, Duration.ZERO)) {
            TestDatabase.run(connection, "PRAGMA locking_mode=EXCLUSIVE");
            assertRefused(live, connection, "PRAGMA locking_mode=NORMAL");
        }
    }

    @Test
    void aDatabaseThatAnotherConnectionKeepsForItselfIsRefused() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (Connection host = TestDatabase.open(live);
                SQLiteConnection connection = Connections.open(live, Duration.ZERO)) {
            TestDatabase.run(host, "PRAGMA locking_mode=EXCLUSIVE", "UPDATE counter SET value = 2");
            assertRefused(live, connection, "locking_mode=EXCLUSIVE");
        }
    }

    @Test
    void anIndexThatIsNotSharedIsRefusedAlthoughTheConnectionSaysWal() throws Exception {
        assumeTrue(File.separatorChar == '/', "a VFS of Unix");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (SQLiteConnection connection = (SQLiteConnection)
                DriverManager.getConnection("jdbc:sqlite:" + Connections.uri(live) + "?mode=rw&vfs=unix-excl")) {
            assertEquals("wal", Connections.text(connection, "PRAGMA journal_mode"));
            assertEquals("normal", Connections.text(connection, "PRAGMA locking_mode"));
            assertRefused(live, connection, "memory.db-shm is missing");
        }
    }

    @Test
    void anIndexLeftBehindByAnotherProcessIsNoProof() throws Exception {
        assumeTrue(ProcFile.MAPS.lines().isPresent(), "only Linux shows what is mapped");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        Files.write(folder.resolve("memory.db-shm"), new byte[32 * 1024]);
        try (SQLiteConnection connection = (SQLiteConnection)
                DriverManager.getConnection("jdbc:sqlite:" + Connections.uri(live) + "?mode=rw&vfs=unix-excl")) {
            assertRefused(live, connection, "memory.db-shm is not mapped by this process");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?mode=rw&vfs=unix-none", "?mode=rw&nolock=1", "?mode=ro&immutable=1"})
    void aConnectionWithoutLocksIsRefused(String options) throws Exception {
        assumeTrue(File.separatorChar == '/', "a VFS of Unix");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        try (SQLiteConnection connection =
                (SQLiteConnection) DriverManager.getConnection("jdbc:sqlite:" + Connections.uri(live) + options)) {
            assertRefused(live, connection, live.toString());
        }
    }

    @Test
    void anotherFilesSharedMemoryIsNoProof() {
        List<String> maps = List.of(
                "7fbeb4f0a000-7fbeb4f12000 rw-s 00000000 fe:00 10216731                   /srv/a b/memory.db-shm",
                "7fbeb4f1a000-7fbeb4f1b000 r--p 00000000 fe:00 7  /srv/private.db-shm");
        assertTrue(ContinuousGuard.isShared(maps, "/srv/a b/memory.db-shm", "5"));
        assertTrue(ContinuousGuard.isShared(maps, "/elsewhere/memory.db-shm", "10216731"));
        assertFalse(ContinuousGuard.isShared(maps, "/srv/memory.db-shm", "1021673"));
        assertFalse(ContinuousGuard.isShared(maps, "/srv/private.db-shm", "7"), "mapped, but for itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.7.0", "3.40.1", "3.44.5", "3.50.6", "3.51.2", "a build of my own"})
    void aVersionWithTheWalResetBugIsRefusedWithTheMendedOnes(String version) {
        SourceException refused =
                assertThrows(SourceException.class, () -> ContinuousGuard.requireVersion(settings(folder), version));
        assertTrue(refused.getMessage().contains("SQLite " + version), refused.getMessage());
        assertTrue(refused.nextStep().contains("3.51.3"), refused.nextStep());
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.44.6", "3.50.7", "3.51.3", "3.54.1"})
    void mendedVersionsPass(String version) {
        ContinuousGuard.requireVersion(settings(folder), version);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 256, 1000, 4097, 131_072})
    void aPageSizeThatSqliteDoesNotHaveIsRefused(long pageSize) {
        SourceException refused =
                assertThrows(SourceException.class, () -> ContinuousGuard.requirePageSize(settings(folder), pageSize));
        assertTrue(refused.getMessage().contains(" " + pageSize + " bytes"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {512, 4096, 65_536})
    void realPageSizesPass(long pageSize) {
        ContinuousGuard.requirePageSize(settings(folder), pageSize);
    }

    private static void assertRefused(Path live, SQLiteConnection connection, String told) {
        SourceException refused =
                assertThrows(SourceException.class, () -> ContinuousGuard.requireSafe(settings(live), connection));
        assertEquals("memory", refused.dataset());
        assertTrue(refused.getMessage().contains(told), refused.getMessage());
    }

    private static DatabaseSettings settings(Path live) {
        return new DatabaseSettings("memory", live, Duration.ZERO, false, Map.of());
    }
}
