package dev.cairn.backup.sqlite.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedDatabaseTest {

    private static final String STAMP = "20260102-030405";

    @TempDir
    Path folder;

    private Path home;
    private Path live;
    private MemorySnapshot snapshot;

    @BeforeEach
    void makeTheSnapshot() throws Exception {
        home = Files.createDirectories(folder.resolve("live"));
        live = home.resolve("memory.db");
        snapshot = Restores.snapshotOf(TestDatabase.counter(folder.resolve("other.db"), "wal", 1));
    }

    @Test
    void aSoundDatabaseIsKeptUnderADatedNameAndNoStaleLogStays() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        Files.write(home.resolve("memory.db-shm"), new byte[32768]);
        Files.write(home.resolve("memory.db-wal"), new byte[0]);
        restore(snapshot, "restore-1");
        assertEquals(Set.of("memory.db", "memory-before-" + STAMP + ".db"), Restores.names(home));
        assertEquals(1, TestDatabase.counterOf(live));
        assertEquals("wal", TestDatabase.one(live, "PRAGMA journal_mode"));
        assertEquals(2, TestDatabase.counterOf(home.resolve("memory-before-" + STAMP + ".db")));
    }

    @Test
    void theRestoredFileIsKnownAgainWhenItsDiskHasAnotherNumberAfterABoot() throws Exception {
        assumeTrue(live.getFileSystem().supportedFileAttributeViews().contains("unix"));
        TestDatabase.counter(live, "wal", 2);
        MapStageContext context = MapStageContext.create("restore-1");
        dataset().stage(snapshot, context).swap();
        String known = new String(context.load("sqlite-staged").orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(String.valueOf(Files.getAttribute(live, "unix:ino")), known, "by its inode and nothing else");
        dataset().resume(context.afterCrash()).rollback();
        assertEquals(2, TestDatabase.counterOf(live));
    }

    @Test
    void aFolderThatCannotBeReadForAMomentIsNotTakenForOneThatIsGone() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        Path away = Files.move(home, folder.resolve("away"));
        Files.createSymbolicLink(home, home); // A link to itself: whoever looks gets an error, also the superuser.
        assertThrows(StoreException.class, staged::finish);
        assertThrows(StoreException.class, () -> dataset().compare(snapshot));
        Files.delete(home);
        Files.move(away, home);
        staged.finish();
        assertEquals(Set.of("memory.db", "memory-before-" + STAMP + ".db"), Restores.names(home));
    }

    @Test
    void whatIsKeptBesideItIsNoBusinessOfTheFilesAround() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        Files.writeString(home.resolve("settings"), "1");
        restore(snapshot, "restore-1");
        Files.write(live, new byte[9000]);
        Files.write(home.resolve("memory.db-wal"), new byte[] {1, 2, 3});
        restore(snapshot, "restore-2");
        FilesDataset files = FilesDataset.of("files", home).exclude("memory.db");
        MemorySnapshot around = MemorySnapshot.take(files, RecordingCaptureContext.in(folder.resolve("scratch")));
        assertEquals(
                List.of("", "settings"),
                around.all().stream().map(entry -> entry.path().value()).toList());
        Set<String> before = Restores.names(home);
        assertEquals(5, before.size(), before.toString());
        Files.delete(home.resolve("settings"));
        var staged = files.stage(around, MapStageContext.create("restore-3"));
        staged.swap();
        staged.finish();
        assertEquals(before, Restores.names(home));
    }

    @Test
    void anOldDatabaseIsNeverOverwrittenByTheNext() throws Exception {
        TestDatabase.counter(live, "delete", 2);
        restore(snapshot, "restore-1");
        TestDatabase.run(live, "UPDATE counter SET value = 5");
        restore(snapshot, "restore-2");
        assertEquals(2, TestDatabase.counterOf(home.resolve("memory-before-" + STAMP + ".db")));
        assertEquals(5, TestDatabase.counterOf(home.resolve("memory-before-" + STAMP + "-2.db")));
    }

    @Test
    void aFileThatIsNoDatabaseAnyMoreIsReplacedAndKeptAsCorruptWithItsLog() throws Exception {
        byte[] garbage =
                "overwritten by something else ".repeat(500).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Files.write(live, garbage);
        Files.write(home.resolve("memory.db-wal"), new byte[] {1, 2, 3});
        Files.write(home.resolve("memory.db-journal"), new byte[] {4, 5});
        Files.write(home.resolve("memory.db-shm"), new byte[32768]);
        restore(snapshot, "restore-1");
        String aside = "memory-corrupt-" + STAMP + ".db";
        assertEquals(Set.of("memory.db", aside, aside + "-wal", aside + "-journal"), Restores.names(home));
        assertEquals(1, TestDatabase.counterOf(live));
        assertArrayEquals(garbage, Files.readAllBytes(home.resolve(aside)));
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(home.resolve(aside + "-wal")));
    }

    @Test
    void aDatabaseWithADamagedPageIsReplacedAndKeptAsCorrupt() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        TestDatabase.run(
                live, "CREATE TABLE t(x)", "INSERT INTO t SELECT randomblob(9000)", "PRAGMA wal_checkpoint(TRUNCATE)");
        damage(live, 1);
        restore(snapshot, "restore-1");
        assertTrue(
                Restores.names(home).contains("memory-corrupt-" + STAMP + ".db"),
                Restores.names(home).toString());
        assertEquals(1, TestDatabase.counterOf(live));
    }

    @Test
    void aDamagedSnapshotIsRefusedAndNothingStaysBehind() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        Path bad = TestDatabase.counter(folder.resolve("bad.db"), "delete", 1);
        damage(bad, 1);
        MemorySnapshot damaged = Restores.snapshotOf(bad);
        DamagedSnapshotException refused = assertThrows(
                DamagedSnapshotException.class, () -> dataset().stage(damaged, MapStageContext.create("restore-1")));
        assertEquals("memory.db", refused.damaged());
        assertEquals(Set.of("memory.db"), Restores.names(home));
        MemorySnapshot two = MemorySnapshot.of("memory", "sqlite", List.of());
        assertThrows(DamagedSnapshotException.class, () -> dataset().compare(two));
    }

    @Test
    void aDatabaseThatIsGoneIsMadeAgainAndARollbackRemovesIt() throws Exception {
        Files.delete(home);
        MapStageContext context = MapStageContext.create("restore-1");
        var staged = dataset().stage(snapshot, context);
        staged.swap();
        assertEquals(1, TestDatabase.counterOf(live));
        staged.rollback();
        assertEquals(Set.of(), Restores.names(home));
        TestDatabase.counter(live, "wal", 8);
        dataset().resume(context.afterCrash()).rollback();
        assertEquals(8, TestDatabase.counterOf(live), "what the host made since is not taken for the restored one");
    }

    @Test
    void aDatabaseThatAppearsWhileStagingIsBroughtBackByARollback() throws Exception {
        var staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        TestDatabase.counter(live, "wal", 4);
        staged.swap();
        assertEquals(1, TestDatabase.counterOf(live));
        staged.rollback();
        assertEquals(4, TestDatabase.counterOf(live));
        assertEquals(Set.of("memory.db"), Restores.names(home));
    }

    @Test
    void aRollbackWhoseOldDatabaseWasRemovedKeepsTheRestoredOne() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        var staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        Path aside = home.resolve("memory-before-" + STAMP + ".db");
        Files.move(aside, folder.resolve("taken.db"));
        assertThrows(StoreException.class, staged::rollback);
        assertEquals(1, TestDatabase.counterOf(live));
        Files.move(folder.resolve("taken.db"), aside);
        staged.rollback();
        assertEquals(2, TestDatabase.counterOf(live));
    }

    @Test
    void aLogWithoutItsDatabaseNeverGetsIntoTheRestoredOne() throws Exception {
        Path host = TestDatabase.counter(folder.resolve("host.db"), "wal", 2);
        try (var connection = TestDatabase.open(host)) {
            TestDatabase.run(connection, "UPDATE counter SET value = 666");
            Files.copy(folder.resolve("host.db-wal"), home.resolve("memory.db-wal"));
        }
        restore(snapshot, "restore-1");
        assertEquals(1, TestDatabase.counterOf(live));
        assertEquals(Set.of("memory.db", "memory-before-" + STAMP + ".db-wal"), Restores.names(home));
    }

    @Test
    void modeBitsComeFromTheSnapshot() throws Exception {
        assumeTrue(Files.getFileStore(home).supportsFileAttributeView("posix"));
        TestDatabase.counter(live, "wal", 2);
        restore(snapshot, "restore-1");
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(live)));
    }

    @Test
    void aSymbolicLinkStaysOneAndItsTargetIsReplaced() throws Exception {
        Path real = Files.createDirectories(folder.resolve("real")).resolve("data.sqlite");
        TestDatabase.counter(real, "wal", 2);
        Files.createSymbolicLink(live, real);
        restore(snapshot, "restore-1");
        assertTrue(Files.isSymbolicLink(live));
        assertEquals(1, TestDatabase.counterOf(live));
        assertEquals(2, TestDatabase.counterOf(folder.resolve("real/data-before-" + STAMP + ".sqlite")));
    }

    @Test
    void aPlanTellsWhatWouldHappen() throws Exception {
        DatasetPlan create = dataset().compare(snapshot);
        assertEquals(List.of("create memory.db"), create.examples());
        assertEquals(1, create.create());
        TestDatabase.counter(live, "wal", 2);
        DatasetPlan replace = dataset().compare(snapshot);
        assertEquals(1, replace.replace());
        assertEquals(snapshot.summary().bytes(), replace.bytes());
    }

    @Test
    void aSnapshotOfAnAbsentDatabaseLeavesTheLiveOneAlone() throws Exception {
        TestDatabase.counter(live, "wal", 2);
        DatasetReader absent = new Absent(snapshot.snapshot());
        assertEquals(1, dataset().compare(absent).keep());
        var staged = dataset().stage(absent, MapStageContext.create("restore-1"));
        staged.swap();
        staged.finish();
        assertEquals(2, TestDatabase.counterOf(live));
    }

    private SqliteDataset dataset() {
        return SqliteDataset.of("memory", live);
    }

    private void restore(MemorySnapshot from, String id) {
        var staged = dataset().stage(from, MapStageContext.create(id));
        staged.swap();
        staged.finish();
    }

    private static void damage(Path database, int page) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.seek(page * 4096L);
            file.write(new byte[100]);
        }
    }

    private record Absent(SnapshotMetadata snapshot) implements DatasetReader {
        @Override
        public DatasetSummary summary() {
            return DatasetSummary.absent("memory", "sqlite");
        }

        @Override
        public EntryCursor entries() {
            return EntryCursor.of(List.of());
        }
    }
}
