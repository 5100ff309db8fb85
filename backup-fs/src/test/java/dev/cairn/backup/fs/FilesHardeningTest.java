package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong around a tree: foreign trash, moved roots, lost machines, snapshots that lie. */
class FilesHardeningTest {

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

    private StagedRestore staged(FilesDataset dataset, DatasetReader snapshot) {
        return dataset.stage(snapshot, MapStageContext.create("r" + ++restores));
    }

    private void restore(FilesDataset dataset, MemorySnapshot snapshot) {
        StagedRestore staged = staged(dataset, snapshot);
        staged.swap();
        staged.finish();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Consistency.class, mode = EnumSource.Mode.EXCLUDE, names = "FS_SNAPSHOT")
    void databasesKeptByAnEarlierRestoreAreNeitherCapturedNorTouched(Consistency mode) throws Exception {
        FilesDataset dataset = dataset().consistency(mode).exclude("sub/memory.db");
        Path sub = Files.createDirectories(live.resolve("sub"));
        Files.writeString(live.resolve("a"), "1");
        Files.writeString(sub.resolve("memory.db"), "live database");
        Files.writeString(sub.resolve("memory-before-20260215-142345.db"), "old");
        Files.writeString(sub.resolve("memory-corrupt-20260216-142345-2.db"), "damaged");
        Files.writeString(sub.resolve("memory-corrupt-20260216-142345-2.db-wal"), "its log");
        MemorySnapshot snapshot = take(dataset);
        assertEquals(
                List.of("", "a", "sub"),
                snapshot.all().stream().map(entry -> entry.path().value()).toList());

        Files.writeString(live.resolve("a"), "2");
        Path extra = Files.createDirectories(live.resolve("extra"));
        Files.writeString(extra.resolve("gone"), "x");
        Files.writeString(
                extra.resolve("other-before-20260217-142345.db3"), "kept in a folder that is not in the snapshot");
        assertEquals(2, dataset.compare(snapshot).remove());
        StagedRestore undone = staged(dataset, snapshot);
        undone.swap();
        undone.rollback();
        restore(dataset, snapshot);
        assertEquals("1", Files.readString(live.resolve("a")));
        assertEquals(
                List.of(
                        "memory-before-20260215-142345.db",
                        "memory-corrupt-20260216-142345-2.db",
                        "memory-corrupt-20260216-142345-2.db-wal",
                        "memory.db"),
                names(sub));
        assertEquals("damaged", Files.readString(sub.resolve("memory-corrupt-20260216-142345-2.db")));
        assertEquals(List.of("other-before-20260217-142345.db3"), names(extra));
    }

    @Test
    void aLinkThatBothTreesHaveSurvivesSwapAndRollbackHoweverOftenTheyAreCalled() throws Exception {
        Path link = Files.createSymbolicLink(live.resolve("link"), Path.of("elsewhere"));
        MemorySnapshot snapshot = take(dataset());
        StagedRestore staged = staged(dataset(), snapshot);
        staged.swap();
        staged.swap();
        assertTrue(Files.isSymbolicLink(link), "swapped twice");
        staged.rollback();
        assertTrue(Files.isSymbolicLink(link), "rolled back");
        restore(dataset(), snapshot);
        assertTrue(Files.isSymbolicLink(link), "restored");
    }

    @Test
    void twoTreesOfOneFolderAreRestoredInOneRestore() throws Exception {
        Path a = Files.createDirectories(live.resolve("a")).resolve("file");
        Path b = Files.createDirectories(live.resolve("b")).resolve("file");
        Files.writeString(a, "a1");
        Files.writeString(b, "b1");
        FilesDataset one = FilesDataset.of("one", live).include("a");
        FilesDataset two = FilesDataset.of("two", live).include("b");
        MemorySnapshot first = take(one);
        MemorySnapshot second = take(two);
        Files.writeString(a, "a2");
        Files.writeString(b, "b2");
        StagedRestore left = one.stage(first, MapStageContext.create("same"));
        StagedRestore right = two.stage(second, MapStageContext.create("same"));
        left.swap();
        right.swap();
        assertEquals("a1 b1", Files.readString(a) + " " + Files.readString(b));
        left.finish();
        right.rollback();
        assertEquals("a1 b2", Files.readString(a) + " " + Files.readString(b));
        assertEquals(List.of(".cairn-trash-same~one", "a", "b"), names(live));
    }

    @ParameterizedTest
    @EnumSource(value = Consistency.class, mode = EnumSource.Mode.EXCLUDE, names = "FS_SNAPSHOT")
    void aRootThatIsALinkIsTakenAsItLeadsAtTheFreeze(Consistency mode) throws Exception {
        Path v1 = Files.createDirectories(temp.resolve("v1"));
        Path v2 = Files.createDirectories(temp.resolve("v2"));
        Files.writeString(v1.resolve("version"), "1");
        Files.writeString(v2.resolve("version"), "2");
        Path current = Files.createSymbolicLink(temp.resolve("current"), v1);
        FilesDataset dataset = FilesDataset.of("linked", current).consistency(mode);
        try (PreparedCapture prepared = dataset.prepare(context).orElseThrow()) {
            Path next = Files.createSymbolicLink(temp.resolve("next"), v2);
            Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
            assertThrows(CutMissedException.class, prepared::freeze, "else version 1 is taken for what was live");
        }
        MemorySnapshot snapshot = take(dataset);
        Files.writeString(v2.resolve("version"), "3");
        restore(dataset, snapshot);
        assertTrue(Files.isSymbolicLink(current));
        assertEquals("2", Files.readString(v2.resolve("version")), "the next try takes what is live");
    }

    @ParameterizedTest
    @EnumSource(value = Consistency.class, mode = EnumSource.Mode.EXCLUDE, names = "FS_SNAPSHOT")
    void aSingleFileThatVanishesAfterPrepareFailsTheSnapshot(Consistency mode) throws Exception {
        Path file = Files.writeString(live.resolve("config.json"), "{}");
        FilesDataset single = FilesDataset.of("config", file).consistency(mode);
        try (PreparedCapture prepared = single.prepare(context).orElseThrow()) {
            Files.delete(file);
            assertThrows(SourceException.class, () -> {
                try (var view = prepared.freeze();
                        var entries = view.entries()) {
                    while (entries.next() != null) {
                        // An empty view would be committed as a snapshot that nothing can be restored from.
                    }
                }
            });
        }
    }

    @Test
    void aFolderReplacedByALinkBetweenPrepareAndFreezeIsNotFollowed() throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "not ours");
        Path folder = Files.createDirectories(live.resolve("folder"));
        Files.writeString(folder.resolve("secret"), "ours");
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow()) {
            Files.move(folder, temp.resolve("moved"));
            Files.createSymbolicLink(folder, outside);
            MemorySnapshot snapshot = MemorySnapshot.of(dataset(), prepared.freeze());
            assertEquals(
                    List.of("", "folder"),
                    snapshot.all().stream().map(entry -> entry.path().value()).toList());
            assertEquals(outside.toString(), snapshot.all().get(1).linkTarget().orElseThrow());
        }
    }

    @Test
    void aFolderReplacedByALinkDuringARestoreIsNotMovedThrough() throws Exception {
        FilesDataset dataset = dataset().exclude("mixed/mine");
        Path mixed = Files.createDirectories(live.resolve("mixed"));
        Files.writeString(mixed.resolve("mine"), "mine");
        Files.writeString(mixed.resolve("theirs"), "old");
        MemorySnapshot snapshot = take(dataset);
        StagedRestore staged = staged(dataset, snapshot);
        staged.swap();
        Path outside = Files.createDirectories(temp.resolve("outside"));
        Files.writeString(outside.resolve("theirs"), "another tree");
        Files.move(mixed, temp.resolve("moved"));
        Files.createSymbolicLink(mixed, outside);
        StoreException e = assertThrows(StoreException.class, staged::rollback);
        assertTrue(e.getMessage().contains("mixed"), e.getMessage());
        assertEquals("another tree", Files.readString(outside.resolve("theirs")));
        Files.delete(mixed);
        Files.move(temp.resolve("moved"), mixed);
        staged.rollback();
        assertEquals("old", Files.readString(mixed.resolve("theirs")));
    }

    @Test
    void aLostMachineIsRestoredOntoAMissingAndOntoAnEmptyRoot() throws Exception {
        Files.writeString(live.resolve("a"), "1");
        Path closed = Files.createDirectories(live.resolve("closed/empty")).getParent();
        Files.writeString(closed.resolve("inside"), "2");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(live, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(live, FileTime.from(Instant.parse("2015-05-05T05:05:05Z")));
        String before = TreeText.of(live);
        MemorySnapshot snapshot = take(dataset());
        for (Path root : List.of(temp.resolve("missing/below"), Files.createDirectories(temp.resolve("empty")))) {
            restore(FilesDataset.of("files", root), snapshot);
            assertEquals(before, TreeText.of(root));
            assertEquals(List.of("a", "closed"), names(root), "no trash of nothing");
        }
    }

    @Test
    void anEmptyTreeIsRestoredAsOne() throws Exception {
        MemorySnapshot snapshot = take(dataset());
        Files.writeString(live.resolve("late"), "x");
        restore(dataset(), snapshot);
        assertEquals(List.of(".cairn-trash-r1~files"), names(live));
    }

    @Test
    void aSecondNameOutsideTheDatasetKeepsItsContent() throws Exception {
        FilesDataset dataset = dataset().exclude("private");
        Path shared = Files.writeString(live.resolve("shared"), "old");
        Path mine = Files.createLink(
                Files.createDirectories(live.resolve("private")).resolve("shared"), shared);
        MemorySnapshot snapshot = take(dataset);
        Files.writeString(mine, "new in both");
        restore(dataset, snapshot);
        assertEquals("old", Files.readString(shared));
        assertEquals("new in both", Files.readString(mine));
    }

    @Test
    void contentOfAnotherLengthThanItsEntryIsDamage() throws Exception {
        for (long size : new long[] {0, 2, 70_000}) {
            Entry lying = Entry.file(
                    EntryPath.of("lying"), size, EntryAttributes.NONE, () -> new ByteArrayInputStream(new byte[1]));
            DamagedSnapshotException e =
                    assertThrows(DamagedSnapshotException.class, () -> staged(dataset(), LyingSnapshot.of(lying)));
            assertTrue(e.getMessage().contains("lying"), e.getMessage());
            assertEquals(List.of(), names(live));
        }
    }

    @Test
    void aHardLinkToWhatIsNoFileIsDamage() throws Exception {
        EntryPath path = EntryPath.of("z");
        Entry folder = Entry.directory(EntryPath.of("a"), EntryAttributes.NONE);
        for (String target : List.of("a", "b")) {
            Entry link = Entry.hardLink(path, EntryAttributes.NONE, EntryPath.of(target));
            assertThrows(
                    DamagedSnapshotException.class, () -> staged(dataset(), LyingSnapshot.of(folder, link)), target);
            assertEquals(List.of(), names(live));
        }
    }

    @Test
    void aRestoreThatDoesNotFitIsRefusedBeforeItBegins() throws Exception {
        Entry huge = Entry.file(EntryPath.of("huge"), 1L << 60, EntryAttributes.NONE, () -> {
            throw new AssertionError("opened");
        });
        StoreException e = assertThrows(StoreException.class, () -> staged(dataset(), LyingSnapshot.of(huge)));
        assertEquals(StoreException.Reason.FULL, e.reason());
        assertEquals(List.of(), names(live));
    }

    @Test
    void stagingAgainAfterTheSwapIsRefusedAndUndoesNothing() throws Exception {
        Files.writeString(live.resolve("a"), "1");
        MemorySnapshot snapshot = take(dataset());
        Files.writeString(live.resolve("a"), "2");
        MapStageContext again = MapStageContext.create("again");
        dataset().stage(snapshot, again).swap();
        assertThrows(IllegalStateException.class, () -> dataset().stage(snapshot, again));
        assertEquals("1", Files.readString(live.resolve("a")));
    }

    @Test
    void aNameThatIsNoTextIsRefusedUnlessAGlobLeavesItOut() throws Exception {
        Process touch = new ProcessBuilder("sh", "-c", "touch \"$(printf 'bad\\377name')\"")
                .directory(live.toFile())
                .start();
        assumeTrue(touch.waitFor() == 0 && names(live).size() == 1);
        SourceException e = assertThrows(SourceException.class, () -> take(dataset()));
        assertTrue(e.getMessage().contains("encoding"), e.getMessage());
        FilesDataset without = dataset().exclude("bad*");
        MemorySnapshot snapshot = take(without);
        Files.writeString(live.resolve("late"), "x");
        restore(without, snapshot);
        assertEquals(2, names(live).size(), "it and the trash");
    }

    @Test
    void aFolderReplacedByOneWithTheSameTimesIsSeenAtTheFreeze() throws Exception {
        Path folder = Files.createDirectories(live.resolve("folder"));
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(Files.writeString(folder.resolve("file"), "one"), old);
        Files.setLastModifiedTime(folder, old);
        Files.setLastModifiedTime(live, old);
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow()) {
            // As rsync -t does: another file of the same size and time, and the folders' times put back.
            Path other = Files.writeString(live.resolve("folder/.file.tmp"), "two");
            Files.setLastModifiedTime(other, old);
            Files.move(other, folder.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
            Files.setLastModifiedTime(folder, old);
            Files.setLastModifiedTime(live, old);
            MemorySnapshot snapshot = MemorySnapshot.of(dataset(), prepared.freeze());
            Entry file = snapshot.all().get(2);
            assertEquals("two", new String(file.content().open().readAllBytes()));
        }
    }

    @Test
    void aFifoGivenAsTheRootIsRefused() throws Exception {
        Path fifo = live.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0);
        assertThrows(BackupException.class, () -> take(FilesDataset.of("pipe", fifo)));
        assertFalse(names(live).isEmpty());
    }
}
