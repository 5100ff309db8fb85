package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A swap or its undoing ends at each of its steps; another object picks it up by the journal. */
class TablesSwapCrashTest {

    @TempDir
    Path folder;

    /** As when the process dies: nothing catches it, and SQLite takes back what was not committed. */
    private static final class Died extends Error {

        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @CsvSource({
        "LOCKED, wal", "OLD_KEPT, wal", "REPLACED, wal", "MARKED, wal", "COMMITTED, wal",
        "LOCKED, delete", "OLD_KEPT, delete", "REPLACED, delete", "MARKED, delete", "COMMITTED, delete"
    })
    void aSwapThatDiesAtAnyStepIsRolledBackOrFinished(TableStep step, String journal) throws Exception {
        Path live = database(journal);
        MemorySnapshot snapshot = snapshotOfOne(live);
        for (boolean finish : new boolean[] {false, true}) {
            MapStageContext context = MapStageContext.create("restore-" + finish);
            die(live, snapshot, context, step);
            assertEquals(step == TableStep.COMMITTED ? "1" : "2", value(live), "all old or all new");
            if (step != TableStep.COMMITTED) {
                // Another program, which knows of no restore. What it writes to rows that were never replaced is its
                // own.
                TestDatabase.run(live, "UPDATE counter SET value = 3");
            }
            TablesRestore resumed = TablesRestore.resume(settings(live), context.afterCrash());
            if (finish) {
                resumed.swap();
                TablesRestore.resume(settings(live), context.afterCrash()).swap();
                assertEquals("1", value(live));
                resumed.finish();
                resumed.finish();
            } else {
                resumed.rollback();
                assertEquals(step == TableStep.COMMITTED ? "2" : "3", value(live));
                resumed.rollback();
            }
            assertFalse(Files.exists(folder.resolve(".cairn-restore-" + finish + "-state")));
            TestDatabase.run(live, "UPDATE counter SET value = 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SQLite format 3", "none"})
    void whatASecondAttemptLeftOfTheOldRowsDoesNotStopARollback(String left) throws Exception {
        Path live = database("wal");
        MapStageContext context = MapStageContext.create("restore-1");
        die(live, snapshotOfOne(live), context, TableStep.MARKED);
        // The second attempt died while it kept the old rows again.
        Path old = folder.resolve(".cairn-restore-1-state/old.db");
        Files.delete(old);
        if (!left.equals("none")) {
            Files.writeString(old, left);
        }
        TablesRestore.resume(settings(live), context.afterCrash()).rollback();
        assertEquals("2", value(live));
        assertFalse(Files.exists(old.getParent()));
    }

    @Test
    void aCommittedSwapIsKnownFromEveryAttemptsMark() {
        MapStageContext context = MapStageContext.create("restore-1");
        SwapMarks marks = new SwapMarks(context);
        int first = marks.begin(5);
        marks.begin(9);
        assertFalse(marks.isSwapped(5));
        assertFalse(marks.isSwapped(9));
        assertTrue(marks.isSwapped(first), "committed by the first, after the cookie was set back");
        assertTrue(new SwapMarks(context.afterCrash()).isSwapped(9 + SwapMarks.STEP));
        assertFalse(marks.isSwapped(9 + 2 * SwapMarks.STEP));
    }

    @Test
    void theCookieMayPassTheGreatestNumber() throws Exception {
        Path live = database("wal");
        TestDatabase.run(live, "PRAGMA schema_version=" + (Integer.MAX_VALUE - 3));
        MapStageContext context = MapStageContext.create("restore-1");
        die(live, snapshotOfOne(live), context, TableStep.COMMITTED);
        assertEquals("1", value(live));
        TablesRestore.resume(settings(live), context.afterCrash()).rollback();
        assertEquals("2", value(live));
    }

    @ParameterizedTest
    @CsvSource({"UNDO_REPLACED", "UNDO_COMMITTED"})
    void anUndoingThatDiesIsDoneAgain(TableStep step) throws Exception {
        Path live = database("wal");
        MapStageContext context = MapStageContext.create("restore-1");
        TablesRestore.stage(settings(live), snapshotOfOne(live), context).swap();
        TablesRestore dying = TablesRestore.resume(settings(live), context, at(step));
        assertThrows(Died.class, dying::rollback);
        MapStageContext second = context.afterCrash();
        TablesRestore.resume(settings(live), second).rollback();
        assertEquals("2", value(live));
        TestDatabase.run(live, "UPDATE counter SET value = 5");
        TablesRestore.resume(settings(live), second.afterCrash()).rollback();
        assertEquals("5", value(live), "once undone the rows are the host's");
    }

    @Test
    void whatTheHostWritesAfterASwapIsGivenUpByARollbackInAnotherProcess() throws Exception {
        Path live = database("wal");
        MapStageContext context = MapStageContext.create("restore-1");
        TablesRestore.stage(settings(live), snapshotOfOne(live), context).swap();
        TestDatabase.run(live, "UPDATE counter SET value = 9", "CREATE TABLE migrated(x)");
        TablesRestore.resume(settings(live), context.afterCrash()).rollback();
        assertEquals("2", value(live));
    }

    @Test
    void twoSetsOfTablesOfOneDatabaseAreToldApart() throws Exception {
        Path live = database("wal");
        TestDatabase.run(live, "CREATE TABLE other(x)", "INSERT INTO other VALUES('snapshot')");
        MemorySnapshot first = snapshotOfOne(live);
        SqliteTablesDataset others = SqliteTablesDataset.of("others", live, "other");
        MemorySnapshot second = TableTests.take(others, folder);
        TestDatabase.run(live, "UPDATE other SET x = 'live'");
        MapStageContext firstContext = MapStageContext.create("restore-1");
        MapStageContext secondContext = MapStageContext.create("restore-1");
        StagedRestore one = TablesRestore.stage(settings(live), first, firstContext);
        others.stage(second, secondContext);
        one.swap();
        TablesRestore dying = TablesRestore.resume(
                new TableSettings("others", live, Duration.ofMillis(100), List.of("other"), Map.of(), false),
                secondContext,
                at(TableStep.MARKED));
        assertThrows(Died.class, dying::swap);
        assertEquals("live", TestDatabase.one(live, "SELECT x FROM other"));
        TestDatabase.run(live, "UPDATE other SET x = 'later'");
        TablesRestore.resume(settings(live), firstContext.afterCrash()).rollback();
        others.resume(secondContext.afterCrash()).rollback();
        assertEquals("2", value(live));
        assertEquals("later", TestDatabase.one(live, "SELECT x FROM other"), "never swapped, so never undone");
    }

    private void die(Path live, MemorySnapshot snapshot, MapStageContext context, TableStep step) {
        TablesRestore.stage(settings(live), snapshot, context);
        TablesRestore dying = TablesRestore.resume(settings(live), context, at(step));
        assertThrows(Died.class, dying::swap);
    }

    private static java.util.function.Consumer<TableStep> at(TableStep last) {
        return step -> {
            if (step == last) {
                throw new Died();
            }
        };
    }

    private MemorySnapshot snapshotOfOne(Path live) throws Exception {
        TestDatabase.run(live, "UPDATE counter SET value = 1");
        MemorySnapshot snapshot = TableTests.take(SqliteTablesDataset.of("state", live, "counter"), folder);
        TestDatabase.run(live, "UPDATE counter SET value = 2");
        return snapshot;
    }

    private Path database(String journal) throws Exception {
        return TestDatabase.counter(folder.resolve("app.db"), journal, 0);
    }

    private static String value(Path live) throws Exception {
        return TestDatabase.one(live, "SELECT value FROM counter");
    }

    private static TableSettings settings(Path live) {
        return new TableSettings("state", live, Duration.ofMillis(100), List.of("counter"), Map.of(), false);
    }
}
