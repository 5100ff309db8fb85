package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import dev.cairn.backup.testkit.crash.CrashStateCheck;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariants 1, 2 and 6: whatever a power cut leaves, acknowledged snapshots are whole, others absent or whole, and restores all old or all new. */
class PowerCutTest {

    private static final CrashSampling SAMPLING = CrashSampling.random(20261121, campaign() ? 200 : 1);

    private MemoryFolder memory;
    private Path temp;
    private SmallHost host;

    static boolean campaign() {
        return System.getProperty("cairn.campaign", "").contains("powercut");
    }

    @BeforeEach
    void firstContent() throws IOException {
        memory = MemoryFolder.create();
        temp = memory.path();
        host = new SmallHost(temp.resolve("real"));
        host.writeFirst();
    }

    @AfterEach
    void removeStates() throws IOException {
        memory.close();
    }

    @Test
    void anAcknowledgedSnapshotSurvivesAndAnyOtherIsAbsentOrWhole() throws IOException {
        CrashFileSystem disk = recordCreate(UnaryOperator.identity());
        report("create", disk, disk.forEachState(temp.resolve("states"), SAMPLING, PowerCutTest::assertWhole));
    }

    @Test
    void aRestoreIsAllOldOrAllNew() throws IOException {
        Restore restore = recordRestore(UnaryOperator.identity());
        report(
                "restore",
                restore.disk(),
                restore.disk().forEachState(temp.resolve("states"), SAMPLING, restore::assertOneOrTheOther));
    }

    /** The recipe of a create with one mistake each: every one must be noticed by the test above. */
    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticedDuringACreate(RecipeMistake mistake) throws IOException {
        CrashFileSystem disk = recordCreate(UnaryOperator.identity()).asIf(mistake);
        assertNoticed(disk, PowerCutTest::assertWhole);
    }

    @Test
    void aManifestThatComesFirstIsNoticed() throws IOException {
        CrashFileSystem disk = recordCreate(store ->
                new LatePuts(store, name -> name.contains("/snapshot/"), name -> name.endsWith("manifest.json")));
        assertNoticed(disk, PowerCutTest::assertWhole);
    }

    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticedDuringARestore(RecipeMistake mistake) throws IOException {
        Restore restore = recordRestore(UnaryOperator.identity());
        assertNoticed(restore.disk().asIf(mistake), restore::assertOneOrTheOther);
    }

    @Test
    void aSwapBeforeItsIntentIsNoticed() throws IOException {
        Restore restore = recordRestore(
                store -> new LatePuts(store, name -> name.endsWith("/intent"), name -> name.endsWith("/outcome")));
        assertNoticed(restore.disk(), restore::assertOneOrTheOther);
    }

    @Test
    void aRestoreThatIsDoneBeforeItsDoneRecordIsNoticed() throws IOException {
        Restore restore = recordRestore(
                store -> new LatePuts(store, name -> name.endsWith("/outcome"), name -> name.endsWith("/never")));
        assertNoticed(restore.disk(), restore::assertOneOrTheOther);
    }

    private void assertNoticed(CrashFileSystem disk, CrashStateCheck check) {
        assertThrows(AssertionError.class, () -> disk.forEachState(temp.resolve("states"), SAMPLING, check));
    }

    private CrashFileSystem recordCreate(UnaryOperator<BlobStore> mistake) throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        SmallHost recorded = new SmallHost(disk.root());
        recorded.repositoryStore = mistake;
        try (SnapshotManager backups = recorded.configure().open()) {
            for (int i = 0; i < 2; i++) {
                disk.mark(backups.create().id().value());
            }
        }
        return disk;
    }

    private static void assertWhole(CrashState state) throws IOException {
        SmallHost after =
                new SmallHost(CrashFileSystem.over(state.directory()).root()); // Forces nothing, which takes time.
        try (SnapshotManager backups = after.configure().open()) {
            List<String> listed = backups.list().stream()
                    .map(snapshot -> snapshot.id().value())
                    .toList();
            assertTrue(listed.containsAll(state.marks()), () -> "acknowledged " + state.marks() + ", listed " + listed);
            backups.list()
                    .forEach(snapshot -> assertEquals(
                            List.of(), backups.verify(snapshot.id()).problems()));
            SnapshotId next = backups.create().id();
            assertTrue(!listed.contains(next.value()), () -> next + " was given twice");
        }
    }

    private Restore recordRestore(UnaryOperator<BlobStore> mistake) throws IOException {
        SnapshotId first;
        try (SnapshotManager backups = host.configure().open()) {
            first = backups.create().id();
        }
        Map<String, String> whenFirst = SmallHost.tree(host.data());
        host.writeSecond();
        Map<String, String> whenSecond = SmallHost.tree(host.data());
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        SmallHost recorded = new SmallHost(disk.root());
        recorded.stateStore = mistake;
        recorded.memory = host.memory;
        try (SnapshotManager backups = recorded.configure().open()) {
            backups.restore(backups.plan(RestoreRequest.of(first)));
            disk.mark("restored");
        }
        assertEquals(whenFirst, SmallHost.tree(host.data()));
        return new Restore(disk, whenFirst, whenSecond);
    }

    private record Restore(CrashFileSystem disk, Map<String, String> whenFirst, Map<String, String> whenSecond) {

        void assertOneOrTheOther(CrashState state) throws IOException {
            Path home = CrashFileSystem.over(state.directory()).root();
            SmallHost after = new SmallHost(home);
            RecoveryReport report = Cairn.recoverPending(after.state(), after.files());
            Map<String, String> found = SmallHost.tree(home.resolve("data"));
            boolean isNew = found.equals(whenFirst);
            assertTrue(isNew || found.equals(whenSecond), () -> "a mixture: " + found);
            assertTrue(isNew || !state.marked("restored"), "the restore was acknowledged and is undone");
            assertMemoryAgrees(after, report, isNew);
        }

        /** What was in memory before an undone restore is handed back by the next start, if the restore had begun to replace it. */
        private static void assertMemoryAgrees(SmallHost after, RecoveryReport report, boolean isNew) {
            after.memory = new SmallHost.Memory("as loaded");
            after.configure().open().close();
            boolean undone =
                    !report.nothingPending() && report.restores().get(0).outcome() == RecoveryReport.Outcome.UNDONE;
            String text = after.memory.text();
            assertTrue(
                    text.equals("as loaded") || (undone && !isNew && text.equals("second")),
                    () -> "memory is " + text + " after " + report);
        }
    }

    private static void report(String what, CrashFileSystem disk, int states) {
        System.out.println("power cuts during a " + what + ": " + states + " states at " + disk.points() + " points");
    }
}
