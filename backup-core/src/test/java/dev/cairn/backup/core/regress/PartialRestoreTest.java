package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.spi.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A restore of some datasets leaves the others, and the timeline, alone. */
class PartialRestoreTest {

    private final BrokenHost broken = new BrokenHost();

    private SnapshotManager withTwoStates() {
        SnapshotManager manager = broken.builder().open();
        manager.create();
        broken.disk.file("a", "second");
        broken.memory.set("second");
        manager.create();
        return manager;
    }

    private static RestoreRequest only(String dataset) {
        return RestoreRequest.of(BrokenHost.FIRST).datasets(DatasetSelection.only(dataset));
    }

    @Test
    void itsRollbackTouchesOnlyItsOwnDatasets() {
        SnapshotManager manager = withTwoStates();
        RestoreReport report = BrokenHost.restore(manager, only("data"));
        assertEquals("first", broken.host.live());
        assertEquals("second", broken.memory.get());
        broken.memory.set("third");
        RestoreReport back = manager.rollback(report);
        assertEquals("second", broken.host.live());
        assertEquals("third", broken.memory.get(), "what the restore never touched");
        assertEquals(List.of("data"), back.datasets());
    }

    @Test
    void aRollbackOfTheValueInMemoryLeavesTheDiskAlone() {
        SnapshotManager manager = withTwoStates();
        RestoreReport report = BrokenHost.restore(manager, only("memory"));
        broken.disk.file("a", "third");
        manager.rollback(report);
        assertEquals("third", broken.host.live());
        assertEquals("second", broken.memory.get());
    }

    @Test
    void newerSnapshotsAreNotAbandoned() {
        SnapshotManager manager = withTwoStates();
        BrokenHost.restore(manager, only("data"));
        assertFalse(
                broken.marks(BrokenHost.SECOND).contains(Mark.Kind.ABANDONED),
                broken.marks(BrokenHost.SECOND).toString());
    }

    @Test
    void aRestoreThatNamesAllDatasetsIsNoPartialOne() {
        SnapshotManager manager = withTwoStates();
        BrokenHost.restore(
                manager, RestoreRequest.of(BrokenHost.FIRST).datasets(DatasetSelection.only("data", "memory")));
        assertTrue(broken.marks(BrokenHost.SECOND).contains(Mark.Kind.ABANDONED));
    }

    @Test
    void aWholeRestoreAbandonsNewerSnapshots() {
        BrokenHost.restore(withTwoStates(), RestoreRequest.of(BrokenHost.FIRST));
        assertTrue(broken.marks(BrokenHost.SECOND).contains(Mark.Kind.ABANDONED));
    }
}
