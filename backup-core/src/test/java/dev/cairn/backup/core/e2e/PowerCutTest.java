package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestoreReport;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariants 1, 2 and 6: whatever a power cut leaves, acknowledged snapshots are whole, others absent or whole, and restores all old or all new. */
class PowerCutTest {

    private static final CrashSampling CREATES = CrashSampling.random(20261121, campaign("powercut") ? 200 : 1);
    private static final CrashSampling RESTORES = CrashSampling.random(20261121, campaign("restore-crash") ? 200 : 1);
    private static final CrashSampling RECOVERIES = CrashSampling.random(20261122, 0);

    /** Each has some hundred states of its own. */
    private static final int EVERY_RECOVERY = campaign("restore-crash") ? 3 : 48;

    /** What has to be looked at of a restore, and of a rollback, in any run. */
    private static final int ENOUGH = 5000;

    private static final int WORKERS = Runtime.getRuntime().availableProcessors();

    private MemoryFolder memory;
    private Path temp;
    private SmallHost host;
    private Map<String, String> whenFirst;
    private Map<String, String> whenSecond;

    private static boolean campaign(String name) {
        return System.getProperty("cairn.campaign", "").contains(name);
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
        report("create", disk, disk.forEachState(temp.resolve("states"), CREATES, WORKERS, PowerCutTest::assertWhole));
    }

    @Test
    void aRestoreIsAllOldOrAllNewAlsoWhenItsRecoveryIsCut() throws IOException {
        assertOneOrTheOther("restore", recordRestore(UnaryOperator.identity()));
    }

    @Test
    void aRollbackIsAllOldOrAllNewAlsoWhenItsRecoveryIsCut() throws IOException {
        assertOneOrTheOther("rollback", recordRollback());
    }

    /** Each state is recovered; some are recovered under a record, whose states are recovered again. */
    private void assertOneOrTheOther(String what, Restore restore) throws IOException {
        AtomicInteger again = new AtomicInteger();
        int states = restore.disk().forEachState(temp.resolve("states"), RESTORES, WORKERS, state -> {
            if (Math.floorMod(Objects.hash(state.point(), state.description()), EVERY_RECOVERY) == 0) {
                again.addAndGet(restore.assertRecoveredAgain(
                        state, temp.resolve("again-" + state.directory().getFileName())));
            } else {
                restore.assertOneOrTheOther(state);
            }
        });
        report(what, restore.disk(), states);
        System.out.println("power cuts during recoveries of a " + what + ": " + again + " states");
        assertTrue(states + again.get() > ENOUGH, () -> "only " + states + " and " + again + " states");
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
        List<Integer> points =
                IntStream.rangeClosed(0, disk.points()).boxed().collect(Collectors.toCollection(ArrayList::new));
        // A mistake shows at many points next to each other: at random it is met soon.
        Collections.shuffle(points, new Random(20261121));
        assertThrows(AssertionError.class, () -> {
            for (int point : points) {
                disk.forEachState(temp.resolve("states"), CREATES.atPoint(point), WORKERS, check);
            }
        });
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
                new SmallHost(CrashFileSystem.unrecorded(state.directory()).root());
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
        SnapshotId first = twoStates();
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        SmallHost recorded = recorded(disk);
        recorded.stateStore = mistake;
        try (SnapshotManager backups = recorded.configure().open()) {
            backups.restore(backups.plan(RestoreRequest.of(first)));
            disk.mark("ended");
        }
        assertEquals(whenFirst, SmallHost.disk(temp.resolve("real")));
        return new Restore(disk, "second", whenSecond, whenFirst);
    }

    /** A restore that nobody watches, and the rollback after it. */
    private Restore recordRollback() throws IOException {
        SnapshotId first = twoStates();
        RestoreReport report;
        try (SnapshotManager backups = host.configure().open()) {
            report = backups.restore(backups.plan(RestoreRequest.of(first)));
        }
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        try (SnapshotManager backups = recorded(disk).configure().open()) {
            backups.rollback(report);
            disk.mark("ended");
        }
        assertEquals(whenSecond, SmallHost.disk(temp.resolve("real")));
        return new Restore(disk, "first", whenFirst, whenSecond);
    }

    /** A snapshot of the first content; the second is live. */
    private SnapshotId twoStates() throws IOException {
        SnapshotId first;
        try (SnapshotManager backups = host.configure().open()) {
            first = backups.create().id();
        }
        whenFirst = SmallHost.disk(temp.resolve("real"));
        host.writeSecond();
        whenSecond = SmallHost.disk(temp.resolve("real"));
        return first;
    }

    private SmallHost recorded(CrashFileSystem disk) {
        SmallHost recorded = new SmallHost(disk.root());
        recorded.memory = host.memory;
        return recorded;
    }

    private record Restore(
            CrashFileSystem disk, String memoryBefore, Map<String, String> old, Map<String, String> fresh) {

        void assertOneOrTheOther(CrashState state) throws IOException {
            assertRecovered(state.directory(), state.marked("ended"), false);
        }

        /** What was decided before the first recovery was cut is not decided otherwise by the second. Answers how many states it was cut in. */
        int assertRecoveredAgain(CrashState state, Path folder) throws IOException {
            CrashFileSystem again = CrashFileSystem.over(state.directory());
            SmallHost after = new SmallHost(again.root());
            RecoveryReport report = Cairn.recoverPending(after.state(), after.onDisk());
            boolean done = assertWhole(state.directory());
            assertTrue(done || !state.marked("ended"), "what had ended was undone");
            int states = again.forEachState(folder, RECOVERIES, cut -> assertRecovered(cut.directory(), done, !done));
            assertMemoryAgrees(after, report, done);
            return states;
        }

        /** Answers whether it is the new state. */
        private boolean assertWhole(Path home) throws IOException {
            Map<String, String> found = SmallHost.disk(home);
            boolean isFresh = found.equals(fresh);
            assertTrue(isFresh || found.equals(old), () -> "a mixture: " + found);
            return isFresh;
        }

        void assertRecovered(Path home, boolean mustBeFresh, boolean mustBeOld) throws IOException {
            SmallHost after = new SmallHost(CrashFileSystem.unrecorded(home).root());
            RecoveryReport report = Cairn.recoverPending(after.state(), after.onDisk());
            boolean isFresh = assertWhole(home);
            assertTrue(isFresh || !mustBeFresh, "it had ended and is undone");
            assertTrue(!isFresh || !mustBeOld, "it was undone and has ended");
            assertMemoryAgrees(after, report, isFresh);
        }

        /** What was in memory before an undone restore is handed back by the next start, if the restore had begun to replace it. */
        private void assertMemoryAgrees(SmallHost after, RecoveryReport report, boolean isFresh) {
            after.memory = new SmallHost.Memory("as loaded");
            after.configure().open().close();
            String text = after.memory.text();
            assertTrue(
                    text.equals("as loaded") || (!isFresh && text.equals(memoryBefore)),
                    () -> "memory is " + text + " after " + report);
        }
    }

    private static void report(String what, CrashFileSystem disk, int states) {
        System.out.println("power cuts during a " + what + ": " + states + " states at " + disk.points() + " points");
    }
}
