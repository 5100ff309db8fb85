package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.StagedRestore;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/**
 * Every sentence of {@link Dataset} and of what it hands out as a test. Extend it and give it a live source with a counter in it:
 *
 * <pre>{@code
 * class MyDatasetTest extends DatasetContract {
 *     @TempDir Path folder;
 *
 *     @Override protected Dataset dataset() { return MyDataset.of("mine", folder.resolve("live")); }
 *     @Override protected void writeCounter(long value) { ... }
 *     @Override protected long readCounter() { ... }
 *     @Override protected Optional<Path> home() { return Optional.of(folder); }
 * }
 * }</pre>
 */
public abstract class DatasetContract extends DatasetCaptureTests {

    private static final String NOTHING_BEHIND = "stage: \"if it cannot be done; nothing stays behind\"";
    private static final String OLD_AGAIN =
            "rollback: \"makes the old data live again, whatever had been swapped, and removes the staged data\"";

    /** Far more saves than any dataset makes; a loop that gets here never ends. */
    private static final int MANY_SAVES = 200;

    /** For subclasses. */
    protected DatasetContract() {}

    /**
     * What a dataset promises beyond what every one must.
     *
     * @param pinned whether content is as it was at the freeze; false for one that is declared without consistency
     */
    public record Capabilities(boolean pinned) {

        /** Everything. */
        public static Capabilities all() {
            return new Capabilities(true);
        }
    }

    @Test
    void aRestoreBringsTheOldDataBack() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        assertEquals(2, readCounter(), "stage: \"the live data is not touched\"");
        swap(staged);
        assertEquals(1, readCounter(), "swap: \"makes the staged data live\"");
        staged.finish();
        assertEquals(1, readCounter(), "finish: \"staging is removed\", the live data stays");
        writeCounter(3);
        assertEquals(3, readCounter(), "restored data can be written again");
    }

    @Test
    void compareTouchesNothingAndSeesTheDifference() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        DatasetPlan plan = dataset().compare(snapshot);
        assertLive(live, names, "compare: \"touches nothing\"");
        assertEquals(snapshot.summary().name(), plan.dataset(), "compare: names the dataset");
        assertTrue(
                plan.create() + plan.replace() + plan.remove() > 0,
                "compare: \"compares a snapshot with the live data\", which differ: " + plan);
    }

    @Test
    void anIsolatedCopyIsTheSnapshotAndTouchesNothingLive() throws Exception {
        Optional<Dataset> isolated = dataset().isolated(suiteScratch.resolve("isolated"));
        assumeTrue(isolated.isPresent(), "a dataset that cannot be isolated says so");
        MemorySnapshot snapshot = snapshotAt(1);
        MemorySnapshot later = snapshotAt(2);
        String live = liveData();
        SortedSet<String> names = names();
        Dataset copy = isolated.get();
        StagedRestore staged = copy.stage(snapshot, MapStageContext.create("drill-1"));
        staged.swap();
        staged.finish();
        assertEquals(List.of(), copy.differences(snapshot), "differences: \"empty if it is as the snapshot says\"");
        assertFalse(copy.differences(later).isEmpty(), "differences: \"content by content\"");
        assertLive(live, names, "isolated: \"touches nothing of the live data\"");
    }

    @Test
    void stagingTouchesNothingLiveAndRollbackRemovesIt() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        assertEquals(live, liveData(), "stage: \"the live data is not touched\"");
        rollback(staged);
        assertLive(live, names, OLD_AGAIN);
        rollback(staged);
        assertLive(live, names, "rollback: may \"be called again\"");
    }

    @Test
    void rollbackAfterSwapBringsTheOldDataBack() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        swap(staged);
        rollback(staged);
        assertLive(live, names, OLD_AGAIN);
        rollback(staged);
        assertLive(live, names, "rollback: may \"be called again\"");
        writeCounter(5);
        assertEquals(5, readCounter(), "old data can be written again");
    }

    @Test
    void swapAndFinishMayBeCalledAgain() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        swap(staged);
        swap(staged);
        assertEquals(1, readCounter(), "swap: may \"be called again\"");
        staged.finish();
        staged.finish();
        assertEquals(1, readCounter(), "finish: may \"be called again\"");
    }

    @Test
    void aNewProcessFinishesByTheJournalAlone() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        MapStageContext context = MapStageContext.create("restore-1");
        swap(dataset().stage(snapshot, context));
        StagedRestore resumed = dataset().resume(context.afterCrash());
        assertEquals(1, readCounter(), "resume: finding a restore again changes nothing");
        resumed.finish();
        dataset().resume(context.afterCrash()).finish();
        assertEquals(1, readCounter(), "resume: finish then ends it, twice if it died again");
    }

    @Test
    void aNewProcessSwapsWhatAnEarlierOneStaged() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        MapStageContext context = MapStageContext.create("restore-1");
        dataset().stage(snapshot, context);
        MapStageContext second = context.afterCrash();
        swap(dataset().resume(second));
        assertEquals(1, readCounter(), "StagedRestore: methods work \"in any process, through resume\"");
        swap(dataset().resume(second.afterCrash()));
        dataset().resume(second.afterCrash()).finish();
        assertEquals(1, readCounter(), "StagedRestore: \"does what is left to do\"");
    }

    @Test
    void aNewProcessRollsBackWhatWasStaged() throws Exception {
        assertRolledBackByNewProcess(false);
    }

    @Test
    void aNewProcessRollsBackWhatWasSwapped() throws Exception {
        assertRolledBackByNewProcess(true);
    }

    private void assertRolledBackByNewProcess(boolean swapped) throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        MapStageContext context = MapStageContext.create("restore-1");
        StagedRestore staged = dataset().stage(snapshot, context);
        if (swapped) {
            swap(staged);
        }
        MapStageContext second = context.afterCrash();
        rollback(dataset().resume(second));
        assertLive(live, names, OLD_AGAIN);
        rollback(dataset().resume(second.afterCrash()));
        assertLive(live, names, "resume: \"called after a crash at any point, also while resuming\"");
    }

    @Test
    void resumingARestoreThatNeverBeganChangesNothing() throws Exception {
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        rollback(dataset().resume(MapStageContext.create("restore-1")));
        assertLive(live, names, "resume: \"after a crash at any point since stage began\", also before its first save");
    }

    @Test
    void damagedContentLeavesNothingBehind() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        for (Entry file : snapshot.filesWithContent().stream().limit(10).toList()) {
            MapStageContext context =
                    MapStageContext.create("restore-" + file.path().value().hashCode());
            assertThrows(
                    BackupException.class,
                    () -> dataset().stage(snapshot.damagedAt(file.path()), context),
                    () -> "stage: BackupException \"if it cannot be done\", the content of " + file.path()
                            + " being damaged");
            assertLive(live, names, NOTHING_BEHIND);
            rollback(dataset().resume(context.afterCrash()));
            assertLive(live, names, NOTHING_BEHIND);
        }
    }

    @Test
    void aProcessThatDiesAtAnySaveWhileStagingIsCleanedUp() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        for (int save = 1; ; save++) {
            assertTrue(save < MANY_SAVES, "stage: ends");
            MapStageContext context = MapStageContext.create("restore-" + save).failAtSave(save);
            boolean staged = staged(snapshot, context);
            rollback(dataset().resume(context.afterCrash()));
            assertLive(
                    live,
                    names,
                    "stage: what resume needs is saved \"so that every crash can be cleaned up\", save " + save);
            if (staged) {
                return;
            }
        }
    }

    @Test
    void aSwapThatFailsAtAnySaveIsRolledBack() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        for (int save = 1; ; save++) {
            assertTrue(save < MANY_SAVES, "swap: ends");
            MapStageContext context = MapStageContext.create("restore-" + save);
            StagedRestore staged = dataset().stage(snapshot, context);
            context.failAtSave(save);
            boolean swapped = swapped(staged);
            rollback(dataset().resume(context.afterCrash()));
            assertLive(live, names, "swap: after a failure \"rollback leads back from each\" state, save " + save);
            if (swapped) {
                return;
            }
        }
    }

    @Test
    void aTargetInUseIsNotReplaced() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        StagedRestore staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        letGo();
        Optional<AutoCloseable> holder = hold();
        assumeTrue(holder.isPresent(), "nothing can hold a source of this kind");
        DatasetInUseException thrown;
        try {
            thrown = assertThrows(
                    DatasetInUseException.class,
                    staged::swap,
                    "swap: DatasetInUseException \"if something still uses the target\"");
        } finally {
            holder.get().close();
            takeUp();
        }
        assertEquals(dataset().name(), thrown.dataset(), "the exception names the dataset");
        assertEquals(2, readCounter(), "swap: in use, \"nothing was changed\"");
        swap(staged);
        assertEquals(1, readCounter(), "swap: may be called again when the target is free");
        staged.finish();
    }

    @Test
    void aCancelledStageLeavesNothingBehind() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        writeCounter(2);
        String live = liveData();
        SortedSet<String> names = names();
        MapStageContext context = MapStageContext.create("restore-1");
        context.cancellation().cancel();
        try {
            rollback(dataset().stage(snapshot, context));
        } catch (BackupCancelledException allowed) {
            // Little data may be staged before anyone asks.
        }
        assertLive(live, names, NOTHING_BEHIND);
    }

    @Test
    void oneRestoreAfterAnotherWorks() throws Exception {
        MemorySnapshot first = snapshotAt(1);
        MemorySnapshot second = snapshotAt(2);
        writeCounter(3);
        for (int round = 0; round < 2; round++) {
            for (MemorySnapshot snapshot : List.of(first, second)) {
                StagedRestore staged = dataset()
                        .stage(snapshot, MapStageContext.create("restore-" + round + (snapshot == first ? "a" : "b")));
                swap(staged);
                staged.finish();
                assertEquals(
                        snapshot == first ? 1 : 2,
                        readCounter(),
                        "a restore after another restores what it was asked to");
            }
        }
        assertEquals(
                second.all().stream().map(entry -> entry.path().value()).toList(),
                MemorySnapshot.take(dataset(), capturing()).all().stream()
                        .map(entry -> entry.path().value())
                        .toList(),
                "what was restored is captured again with the same paths: neither staging nor trash is data");
    }

    private boolean staged(MemorySnapshot snapshot, MapStageContext context) throws Exception {
        try {
            dataset().stage(snapshot, context);
            return true;
        } catch (MapStageContext.JournalLost | BackupException died) {
            return false;
        }
    }

    private boolean swapped(StagedRestore staged) throws Exception {
        try {
            swap(staged);
            return true;
        } catch (MapStageContext.JournalLost | BackupException died) {
            return false;
        }
    }
}
