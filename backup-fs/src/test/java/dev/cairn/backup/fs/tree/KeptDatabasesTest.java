package dev.cairn.backup.fs.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.EntryPath;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptDatabasesTest {

    private static boolean selects(Selection selection, String path) {
        return selection.selects(EntryPath.of(path));
    }

    @Test
    void theNameTellsWhichDatabaseItKeeps() {
        assertEquals("memory.db", Databases.originalOfKept("memory-before-20260215-142345.db"));
        assertEquals("memory.db", Databases.originalOfKept("memory-corrupt-20260215-142345-12.db"));
        assertEquals("memory.db", Databases.originalOfKept("memory-before-20260215-142345.db-wal"));
        assertEquals("my.data.sqlite", Databases.originalOfKept("my.data-before-20260215-142345-2.sqlite-journal"));
        assertEquals("noext", Databases.originalOfKept("noext-corrupt-20260215-142345"));
        for (String other : List.of(
                "memory.db",
                "memory-before-2026.db",
                "memory-after-20260215-142345.db",
                "-before-20260215-142345.db",
                "memory-before-20260215-142345.db.gz.part-1",
                "memory-before-20260215-142345-x.db")) {
            assertNull(Databases.originalOfKept(other), other);
        }
    }

    @Test
    void whatIsKeptOfADatabaseIsNeverPartOfADataset() {
        for (String name : List.of("m-before-20260215-142345.db", "deep/in/m-corrupt-20260215-142345-3.SQLite3-wal")) {
            assertFalse(selects(Selection.ALL, name), name);
            assertFalse(selects(Selection.ALL.including("**"), name), name);
        }
    }

    @Test
    void ofAnotherNameItIsLeftOutOnlyWithItsOriginal() {
        assertTrue(selects(Selection.ALL, "notes-before-20260215-142345.txt"), "the user's own");
        Selection selection = Selection.ALL.excluding("store/state.dat");
        assertFalse(selects(selection, "store/state-before-20260215-142345.dat"));
        assertFalse(selects(selection, "store/state-corrupt-20260215-142345-2.dat-journal"));
        assertTrue(selects(selection, "other/state-before-20260215-142345.dat"));
    }

    @Test
    void whoDeclaresOneAsASingleFileMeansIt() {
        String name = "m-before-20260215-142345.db";
        assertTrue(selects(Selection.only(name), name));
    }
}
