package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.ByteArrayInputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesRoundTripTest {

    @TempDir
    Path temp;

    private Path live;
    private RecordingCaptureContext context;
    private int restores;

    @BeforeEach
    void makeRoot() throws Exception {
        live = Files.createDirectories(temp.resolve("live"));
        context = RecordingCaptureContext.in(temp.resolve("scratch"));
    }

    private FilesDataset dataset() {
        return FilesDataset.of("files", live).consistency(Consistency.IMMUTABLE);
    }

    private MemorySnapshot take(FilesDataset dataset) {
        return MemorySnapshot.take(dataset, context);
    }

    private void restore(FilesDataset dataset, MemorySnapshot snapshot) {
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create("r" + ++restores));
        staged.swap();
        staged.finish();
    }

    private static List<String> paths(MemorySnapshot snapshot) {
        return snapshot.all().stream().map(entry -> entry.path().value()).toList();
    }

    @Test
    void everythingComesBackWithItsAttributes() throws Exception {
        Path folder = Files.createDirectories(live.resolve("folder/deep/ünïcode ☃"));
        Files.writeString(folder.resolve("script.sh"), "#!/bin/sh");
        Files.setPosixFilePermissions(folder.resolve("script.sh"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setLastModifiedTime(
                folder.resolve("script.sh"), FileTime.from(Instant.parse("2001-02-03T04:05:06.789012345Z")));
        Files.createFile(live.resolve("empty"));
        Files.createLink(live.resolve("second name"), folder.resolve("script.sh"));
        Files.createSymbolicLink(live.resolve("to folder"), Path.of("folder/deep"));
        Files.createSymbolicLink(live.resolve("dangling"), Path.of("/nowhere/at/all"));
        Files.writeString(live.resolve("folder/read-only"), "kept");
        Files.setPosixFilePermissions(live.resolve("folder/read-only"), PosixFilePermissions.fromString("r--------"));
        Files.createDirectory(live.resolve("closed"));
        Files.writeString(live.resolve("closed/inside"), "kept too");
        Files.setPosixFilePermissions(live.resolve("closed"), PosixFilePermissions.fromString("r-xr-x---"));
        Files.setLastModifiedTime(live.resolve("closed"), FileTime.from(Instant.parse("2010-01-01T00:00:00Z")));
        Files.setLastModifiedTime(live.resolve("folder"), FileTime.from(Instant.parse("2011-01-01T00:00:00Z")));
        String before = TreeText.of(live);
        MemorySnapshot snapshot = take(dataset());
        assertEquals(
                1,
                snapshot.all().stream()
                        .filter(entry -> entry.type() == EntryType.HARD_LINK)
                        .count());

        Files.writeString(live.resolve("empty"), "no longer");
        Files.delete(live.resolve("to folder"));
        Files.writeString(live.resolve("to folder"), "a file now");
        Files.writeString(live.resolve("extra"), "to go");
        restore(dataset(), snapshot);
        assertEquals(before, TreeText.of(live));
        Path trash = live.resolve(".cairn-trash-r1~files");
        assertEquals("to go", Files.readString(trash.resolve("extra")));

        restore(dataset(), snapshot);
        assertEquals(before, TreeText.of(live));
        assertTrue(Files.exists(trash), "how long trash is kept is not the dataset's to decide");
        assertTrue(Files.exists(live.resolve(".cairn-trash-r2~files")));
    }

    @Test
    void setuidIsStripped() throws Exception {
        Path file = Files.writeString(live.resolve("tool"), "x");
        Files.setAttribute(file, "unix:mode", 04755);
        assertEquals(0755, take(dataset()).all().get(1).attributes().mode().orElseThrow());
    }

    @Test
    void aSparseFileStaysSparse() throws Exception {
        Path file = live.resolve("sparse");
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            channel.write(ByteBuffer.wrap(new byte[] {9}), 8L << 20);
        }
        MemorySnapshot snapshot = take(dataset());
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        restore(dataset(), snapshot);
        assertEquals(-1, java.util.Arrays.mismatch(bytes, Files.readAllBytes(file)));
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        String kilobytes = new String(du.getInputStream().readAllBytes()).split("\\s")[0];
        assertTrue(Long.parseLong(kilobytes) < 1024, kilobytes + " KiB are taken");
        try (RandomAccessFile zeros = new RandomAccessFile(live.resolve("zeros").toFile(), "rw")) {
            zeros.setLength(200_000);
        }
        MemorySnapshot trailing = take(dataset());
        Files.delete(live.resolve("zeros"));
        restore(dataset(), trailing);
        assertEquals(200_000, Files.size(live.resolve("zeros")));
    }

    @Test
    void whatTheGlobsLeaveOutIsNeitherCapturedNorTouched() throws Exception {
        FilesDataset dataset = dataset().include("logs", "**/*.json").exclude("logs/audit*", "**/secret.json");
        Files.createDirectories(live.resolve("logs/old"));
        Files.createDirectories(live.resolve("conf/sub"));
        Files.createDirectories(live.resolve("empty"));
        Files.writeString(live.resolve("logs/a.log"), "1");
        Files.writeString(live.resolve("logs/audit.jsonl"), "audit 1");
        Files.writeString(live.resolve("logs/old/b.log"), "1");
        Files.writeString(live.resolve("conf/sub/x.json"), "1");
        Files.writeString(live.resolve("conf/sub/secret.json"), "s1");
        Files.writeString(live.resolve("conf/other.txt"), "o1");
        MemorySnapshot snapshot = take(dataset);
        assertEquals(
                List.of("", "conf", "conf/sub", "conf/sub/x.json", "logs", "logs/a.log", "logs/old", "logs/old/b.log"),
                paths(snapshot));
        Files.writeString(live.resolve("logs/audit.jsonl"), "audit 2");
        Files.writeString(live.resolve("conf/sub/secret.json"), "s2");
        Files.writeString(live.resolve("conf/other.txt"), "o2");
        Files.writeString(live.resolve("conf/sub/x.json"), "2");
        Files.writeString(live.resolve("logs/late.log"), "late");
        DatasetPlan plan = dataset.compare(snapshot);
        assertEquals(1, plan.remove(), plan.toString());
        assertEquals(1, plan.replace(), plan.toString());
        assertEquals(0, plan.create(), plan.toString());
        restore(dataset, snapshot);
        assertEquals("1", Files.readString(live.resolve("conf/sub/x.json")));
        assertEquals("audit 2", Files.readString(live.resolve("logs/audit.jsonl")));
        assertEquals("s2", Files.readString(live.resolve("conf/sub/secret.json")));
        assertEquals("o2", Files.readString(live.resolve("conf/other.txt")));
        assertTrue(Files.exists(live.resolve("empty")));
        assertFalse(Files.exists(live.resolve("logs/late.log")));
    }

    @Test
    void undeclaredDatabasesAreRefusedAndExcludedOnesKeepTheirSidecars() throws Exception {
        for (String name : List.of("a.db", "b.sqlite3", "C.DB3")) {
            Path file = Files.writeString(live.resolve(name), "x");
            SourceException e = assertThrows(SourceException.class, () -> take(dataset()));
            assertTrue(e.getMessage().contains(name) && e.getMessage().contains("exclude"), e.getMessage());
            Files.delete(file);
        }
        Files.writeString(live.resolve("plain"), "x");
        Files.writeString(live.resolve("plain-wal"), "x");
        assertThrows(SourceException.class, () -> take(dataset()));
        Files.delete(live.resolve("plain-wal"));
        Files.writeString(live.resolve("m.db"), "x");
        Files.writeString(live.resolve("m.db-wal"), "x");
        Files.writeString(live.resolve("m.db-shm"), "x");
        FilesDataset excluded = dataset().exclude("m.db");
        MemorySnapshot snapshot = take(excluded);
        assertEquals(List.of("", "plain"), paths(snapshot));
        restore(excluded, snapshot);
        assertTrue(Files.exists(live.resolve("m.db-shm")));
    }

    @Test
    void aMissingRootIsMadeAndUnmadeAgain() throws Exception {
        Files.writeString(live.resolve("a"), "1");
        MemorySnapshot snapshot = take(dataset());
        FilesDataset elsewhere = FilesDataset.of("files", temp.resolve("new/deep/root"));
        StagedRestore staged = elsewhere.stage(snapshot, MapStageContext.create("r"));
        staged.swap();
        assertEquals("1", Files.readString(temp.resolve("new/deep/root/a")));
        staged.rollback();
        assertFalse(Files.exists(temp.resolve("new")));
    }

    @Test
    void hostileEntriesAreRefusedAndLeaveNothing() throws Exception {
        Files.createSymbolicLink(live.resolve("out"), temp);
        String before = TreeText.of(live);
        Entry root = Entry.directory(EntryPath.ROOT, EntryAttributes.NONE);
        Entry link = Entry.symlink(EntryPath.of("l"), EntryAttributes.NONE, temp.toString());
        List<List<Entry>> hostile = List.of(
                List.of(root, link, file("l/evil")),
                List.of(root, file("b"), file("a")),
                List.of(root, file("a"), file("a")),
                List.of(root, file(".cairn-x/evil")),
                List.of(root, Entry.hardLink(EntryPath.of("h"), EntryAttributes.NONE, EntryPath.of("z"))));
        for (List<Entry> entries : hostile) {
            MemorySnapshot snapshot = MemorySnapshot.of("files", "files", entries);
            assertThrows(
                    DamagedSnapshotException.class,
                    () -> dataset().stage(snapshot, MapStageContext.create("evil")),
                    entries.toString());
            assertEquals(before, TreeText.of(live));
            try (Stream<Path> names = Files.list(live)) {
                assertEquals(1, names.count());
            }
        }
        assertFalse(Files.exists(temp.resolve("evil")));
    }

    private static Entry file(String path) {
        return Entry.file(EntryPath.of(path), 1, EntryAttributes.NONE, () -> new ByteArrayInputStream(new byte[1]));
    }

    @Test
    void twoSingleFilesOfOneFolderAreRestoredInOneRestore() throws Exception {
        Path a = Files.writeString(live.resolve("a.json"), "a1");
        Path b = Files.writeString(live.resolve("b.json"), "b1");
        FilesDataset one = FilesDataset.of("one", a);
        FilesDataset two = FilesDataset.of("two", b);
        MemorySnapshot first = take(one);
        MemorySnapshot second = take(two);
        assertEquals(List.of("a.json"), paths(first));
        Files.writeString(a, "a2");
        Files.delete(b);
        StagedRestore left = one.stage(first, MapStageContext.create("same"));
        StagedRestore right = two.stage(second, MapStageContext.create("same"));
        left.swap();
        right.swap();
        left.finish();
        right.rollback();
        assertEquals("a1", Files.readString(a));
        assertFalse(Files.exists(b));
    }

    @Test
    void specialFilesAreLeftOutWithAWarning() throws Exception {
        Path fifo = live.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
        org.junit.jupiter.api.Assumptions.assumeTrue(made.waitFor() == 0);
        assertEquals(List.of(""), paths(take(dataset())));
        assertTrue(context.warnings().stream().anyMatch(warning -> warning.contains("pipe")));
    }

    @Test
    void badSettingsFailAtOnce() {
        assertThrows(InvalidValueException.class, () -> FilesDataset.of(".hidden", live));
        assertThrows(InvalidValueException.class, () -> dataset().exclude("../up"));
        assertThrows(InvalidValueException.class, () -> dataset().include("a[b"));
        assertThrows(InvalidValueException.class, () -> dataset().include("{a,b"));
        assertThrows(InvalidValueException.class, () -> dataset().consistency(Consistency.FS_SNAPSHOT));
        assertThrows(BackupException.class, () -> dataset().inBarrierLimit(-1));
    }
}
