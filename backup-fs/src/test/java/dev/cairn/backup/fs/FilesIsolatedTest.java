package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree that is restored into a private folder for a drill. */
class FilesIsolatedTest {

    @TempDir
    Path temp;

    private Path live;

    @BeforeEach
    void makeATree() throws Exception {
        live = Files.createDirectories(temp.resolve("live"));
        Files.writeString(live.resolve("a"), "content a");
        Files.createDirectories(live.resolve("folder"));
        Files.writeString(live.resolve("folder/b.tmp"), "content b");
    }

    private MemorySnapshot take(FilesDataset dataset) {
        return MemorySnapshot.take(dataset, RecordingCaptureContext.in(temp.resolve("scratch")));
    }

    private static void restore(Dataset dataset, MemorySnapshot snapshot) {
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create("drill-1"));
        staged.swap();
        staged.finish();
    }

    @Test
    void itsCopyIsTheSnapshotWhateverBecameOfTheLiveTree() throws Exception {
        FilesDataset dataset = FilesDataset.of("files", live).consistency(Consistency.IMMUTABLE);
        MemorySnapshot snapshot = take(dataset);
        Files.writeString(live.resolve("a"), "changed since");
        Dataset copy = dataset.isolated(temp.resolve("room/files")).orElseThrow();
        restore(copy, snapshot);
        assertEquals(List.of(), copy.differences(snapshot));
        assertEquals("content a", Files.readString(temp.resolve("room/files/live/a")));
        assertEquals("changed since", Files.readString(live.resolve("a")));
        assertFalse(Files.exists(live.resolve(".cairn-trash-drill-1~files")));
    }

    @Test
    void oneBitIsADifferenceAlsoIfSizeAndTimeAreTheSame() throws Exception {
        FilesDataset dataset = FilesDataset.of("files", live);
        MemorySnapshot snapshot = take(dataset);
        Dataset copy = dataset.isolated(temp.resolve("room/files")).orElseThrow();
        restore(copy, snapshot);
        Path file = temp.resolve("room/files/live/a");
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "content b");
        Files.setLastModifiedTime(file, time);
        assertEquals(0, copy.compare(snapshot).replace(), "a plan trusts the time");
        assertEquals(List.of("replace a"), copy.differences(snapshot));
        Files.delete(file);
        Files.writeString(temp.resolve("room/files/live/more"), "");
        assertEquals(List.of("create a", "remove more"), copy.differences(snapshot));
    }

    @Test
    void itKeepsWhatTheDatasetLeavesOut() throws Exception {
        MemorySnapshot whole = take(FilesDataset.of("files", live));
        FilesDataset narrower = FilesDataset.of("files", live).exclude("**/*.tmp");
        Dataset copy = narrower.isolated(temp.resolve("room/files")).orElseThrow();
        restore(copy, whole);
        assertFalse(Files.exists(temp.resolve("room/files/live/folder/b.tmp")));
        assertEquals(List.of(), copy.differences(whole), "what is left out today is no difference");
    }

    @Test
    void aSingleFileGoesWhereItsFolderWouldBe() throws Exception {
        FilesDataset dataset = FilesDataset.of("one", live.resolve("a"));
        MemorySnapshot snapshot = take(dataset);
        Dataset copy = dataset.isolated(temp.resolve("room/one")).orElseThrow();
        restore(copy, snapshot);
        assertEquals(List.of(), copy.differences(snapshot));
        assertEquals("content a", Files.readString(temp.resolve("room/one/a")));
    }
}
