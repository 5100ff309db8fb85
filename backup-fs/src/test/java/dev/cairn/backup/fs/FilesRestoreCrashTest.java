package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesRestoreCrashTest {

    @TempDir
    Path temp;

    private MemorySnapshot snapshot;
    private String wanted;

    private static FilesDataset dataset(Path live) {
        return FilesDataset.of("files", live).consistency(Consistency.IMMUTABLE).exclude("mixed/mine", "private");
    }

    @BeforeEach
    void takeSnapshot() throws Exception {
        Path source = temp.resolve("source");
        Files.createDirectories(source.resolve("mixed"));
        Files.createDirectories(source.resolve("folder/deep"));
        Files.writeString(source.resolve("a"), "new a");
        Files.writeString(source.resolve("added"), "added");
        Files.writeString(source.resolve("mixed/theirs"), "new theirs");
        Files.writeString(source.resolve("folder/deep/file"), "new deep");
        Files.createLink(source.resolve("folder/second"), source.resolve("a"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("folder"));
        snapshot = MemorySnapshot.take(dataset(source), RecordingCaptureContext.in(temp.resolve("scratch")));
        wanted = TreeText.contentOf(withPrivate(source));
    }

    private static Path withPrivate(Path tree) throws IOException {
        Files.createDirectories(tree.resolve("mixed"));
        Files.writeString(tree.resolve("mixed/mine"), "untouched");
        Files.writeString(tree.resolve("private"), "untouched too");
        return tree;
    }

    private static Path oldTree(Path live) throws IOException {
        Files.createDirectories(live.resolve("folder/gone"));
        Files.writeString(withPrivate(live).resolve("a"), "old a");
        Files.writeString(live.resolve("extra"), "extra");
        Files.createSymbolicLink(live.resolve("link"), Path.of("a"));
        Files.writeString(live.resolve("folder/gone/file"), "old file");
        Files.writeString(live.resolve("mixed/theirs"), "old theirs");
        Files.writeString(live.resolve("mixed/extra"), "old extra");
        return live;
    }

    @Test
    void afterAnyPowerCutRollbackBringsAllOldBackAndAFinishedRestoreStays() throws Exception {
        Path real = temp.resolve("real");
        String old = TreeText.contentOf(oldTree(real.resolve("live")));
        CrashFileSystem disk = CrashFileSystem.over(real);
        MapStageContext context = MapStageContext.create("r1");
        StagedRestore staged = dataset(disk.root().resolve("live")).stage(snapshot, context);
        disk.mark("staged");
        staged.swap();
        disk.mark("swapped");
        staged.finish();
        disk.mark("finished");
        assertEquals(wanted, TreeText.contentOf(real.resolve("live")));
        int states = disk.forEachState(temp.resolve("states"), CrashSampling.random(7, 1), state -> {
            Path live = state.directory().resolve("live");
            StagedRestore found = dataset(live).resume(context.afterCrash());
            if (state.marked("swapped")) {
                assertEquals(wanted, TreeText.contentOf(live), "swapped is durable");
                found.finish();
                found.finish();
                assertEquals(wanted, TreeText.contentOf(live), "finished again");
            } else {
                found.rollback();
                assertEquals(old, TreeText.contentOf(live), "rolled back");
                assertNoRemains(live);
                found.rollback();
                assertEquals(old, TreeText.contentOf(live), "rolled back twice");
            }
        });
        assertTrue(states > 100, states + " states");
    }

    @Test
    void aRollbackMayBeCutAtAnyPointAndBeginAgain() throws Exception {
        Path real = temp.resolve("real");
        String old = TreeText.contentOf(oldTree(real.resolve("live")));
        CrashFileSystem disk = CrashFileSystem.over(real);
        MapStageContext context = MapStageContext.create("r1");
        StagedRestore staged = dataset(disk.root().resolve("live")).stage(snapshot, context);
        staged.swap();
        disk.mark("swapped");
        staged.rollback();
        disk.mark("rolled back");
        disk.forEachState(temp.resolve("states"), CrashSampling.random(11, 1), state -> {
            if (state.marked("swapped")) {
                checkRollback(state, context, old);
            }
        });
    }

    private static void checkRollback(CrashState state, MapStageContext context, String old) throws IOException {
        Path live = state.directory().resolve("live");
        if (state.marked("rolled back")) {
            assertEquals(old, TreeText.contentOf(live), "durable when it returns");
        }
        dataset(live).resume(context.afterCrash()).rollback();
        assertEquals(old, TreeText.contentOf(live));
        assertNoRemains(live);
    }

    @Test
    void whateverOperationFailsRollbackLeavesTheTreeAsItWas() throws Exception {
        boolean done = false;
        for (int operation = 1; !done; operation++) {
            Path real = temp.resolve("fault-" + operation);
            String old = TreeText.of(oldTree(real.resolve("live")));
            CrashFileSystem disk = CrashFileSystem.over(real);
            MapStageContext context = MapStageContext.create("r1");
            FilesDataset dataset = dataset(disk.root().resolve("live"));
            disk.failAt(operation);
            try {
                dataset.stage(snapshot, context).swap();
                done = disk.operations() < operation;
            } catch (BackupException e) {
                // Which one does not matter here.
            }
            disk.heal();
            dataset.resume(context.afterCrash()).rollback();
            assertEquals(old, TreeText.of(real.resolve("live")), "operation " + operation);
            assertNoRemains(real.resolve("live"));
        }
    }

    private static void assertNoRemains(Path live) throws IOException {
        try (var names = Files.list(live)) {
            assertTrue(names.noneMatch(path -> path.getFileName().toString().startsWith(".cairn-")));
        }
    }
}
