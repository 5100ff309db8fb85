package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilesRestoreCrashTest {

    private MemoryFolder memory;
    private Path temp;

    private MemorySnapshot snapshot;
    private String wanted;

    private static FilesDataset dataset(Path live) {
        return FilesDataset.of("files", live).consistency(Consistency.IMMUTABLE).exclude("mixed/mine", "private");
    }

    @BeforeEach
    void takeSnapshot() throws Exception {
        memory = MemoryFolder.create();
        temp = memory.path();
        Path source = temp.resolve("source");
        Files.createDirectories(source.resolve("mixed"));
        Files.createDirectories(source.resolve("folder/deep"));
        Files.writeString(source.resolve("a"), "new a");
        Files.writeString(source.resolve("added"), "added");
        Files.writeString(source.resolve("mixed/theirs"), "new theirs");
        Files.writeString(source.resolve("folder/deep/file"), "new deep");
        Files.createLink(source.resolve("folder/second"), source.resolve("a"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("folder"));
        Files.createSymbolicLink(source.resolve("unchanged"), Path.of("folder"));
        snapshot = MemorySnapshot.take(dataset(source), RecordingCaptureContext.in(temp.resolve("scratch")));
        wanted = TreeText.contentOf(withPrivate(source));
    }

    @AfterEach
    void removeStates() throws IOException {
        memory.close();
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
        Files.createSymbolicLink(live.resolve("unchanged"), Path.of("folder"));
        Files.writeString(live.resolve("folder/gone/file"), "old file");
        Files.writeString(live.resolve("mixed/theirs"), "old theirs");
        Files.writeString(live.resolve("mixed/extra"), "old extra");
        return live;
    }

    @Test
    void afterAnyPowerCutRollbackBringsAllOldBackAndAFinishedRestoreStays() throws Exception {
        Restore restore = recordRestore();
        int states = restore.disk().forEachState(temp.resolve("states"), CrashSampling.random(7, 1), restore::check);
        assertTrue(states > 100, states + " states");
    }

    /** The recipe of a restore with one mistake each: the test above must notice every one. */
    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticedDuringARestore(RecipeMistake mistake) throws Exception {
        Restore restore = recordRestore();
        CrashFileSystem disk = restore.disk().asIf(mistake);
        assertThrows(
                AssertionError.class,
                () -> disk.forEachState(temp.resolve("states"), CrashSampling.random(7, 1), restore::check));
    }

    private Restore recordRestore() throws IOException {
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
        return new Restore(disk, context, old, wanted);
    }

    private record Restore(CrashFileSystem disk, MapStageContext context, String old, String wanted) {

        void check(CrashState state) throws IOException {
            Path live =
                    CrashFileSystem.over(state.directory()).root().resolve("live"); // Forces nothing, which takes time.
            StagedRestore found = dataset(live).resume(context.afterCrash());
            Path real = state.directory().resolve("live");
            if (state.marked("swapped")) {
                assertEquals(wanted, TreeText.contentOf(real), "swapped is durable");
                found.finish();
                found.finish();
                assertEquals(wanted, TreeText.contentOf(real), "finished again");
            } else {
                found.rollback();
                assertEquals(old, TreeText.contentOf(real), "rolled back");
                assertNoRemains(real);
                found.rollback();
                assertEquals(old, TreeText.contentOf(real), "rolled back twice");
            }
        }
    }

    @Test
    void aSwapThatWasCutAtAnyPointGoesOnToItsEnd() throws Exception {
        Restore restore = recordRestore();
        restore.disk().forEachState(temp.resolve("states"), CrashSampling.random(13, 1), state -> {
            if (state.marked("staged") && !state.marked("finished")) {
                Path live = CrashFileSystem.over(state.directory()).root().resolve("live");
                StagedRestore found = dataset(live).resume(restore.context().afterCrash());
                if (!state.marked("swapped")) {
                    found.swap();
                    found.swap();
                }
                found.finish();
                assertEquals(wanted, TreeText.contentOf(state.directory().resolve("live")));
            }
        });
    }

    @Test
    void aRollbackMayBeCutAtAnyPointAndBeginAgain() throws Exception {
        RolledBack rolledBack = recordRollback();
        rolledBack.disk().forEachState(temp.resolve("states"), CrashSampling.random(11, 1), rolledBack::check);
    }

    /** Content is no matter of a rollback, which writes none; only the names are. */
    @Test
    void foldersThatAreNotForcedAreNoticedDuringARollback() throws Exception {
        RolledBack rolledBack = recordRollback();
        CrashFileSystem disk = rolledBack.disk().asIf(RecipeMistake.FOLDERS_NOT_FORCED);
        assertThrows(
                AssertionError.class,
                () -> disk.forEachState(temp.resolve("states"), CrashSampling.random(11, 1), rolledBack::check));
    }

    private RolledBack recordRollback() throws IOException {
        Path real = temp.resolve("real");
        String old = TreeText.contentOf(oldTree(real.resolve("live")));
        CrashFileSystem disk = CrashFileSystem.over(real);
        MapStageContext context = MapStageContext.create("r1");
        StagedRestore staged = dataset(disk.root().resolve("live")).stage(snapshot, context);
        staged.swap();
        disk.mark("swapped");
        staged.rollback();
        disk.mark("rolled back");
        return new RolledBack(disk, context, old);
    }

    private record RolledBack(CrashFileSystem disk, MapStageContext context, String old) {

        void check(CrashState state) throws IOException {
            Path real = state.directory().resolve("live");
            if (state.marked("rolled back")) {
                assertEquals(old, TreeText.contentOf(real), "durable when it returns");
            }
            if (state.marked("swapped")) {
                Path live = CrashFileSystem.over(state.directory()).root().resolve("live");
                dataset(live).resume(context.afterCrash()).rollback();
                assertEquals(old, TreeText.contentOf(real));
                assertNoRemains(real);
            }
        }
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
