package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Snapshots of hosts and datasets that keep their side of the contract badly. */
class CaptureTroubleTest {

    private final TestHost host = new TestHost();

    @Test
    void aSupplierThatHasNoValueFailsTheSnapshotByItsName() {
        AtomicReference<@Nullable String> empty = new AtomicReference<>();
        SnapshotManager manager = host.builder()
                .dataset(StateDataset.of(
                        "memory", JsonCodec.of(new ObjectMapper(), String.class), empty::get, value -> {}))
                .open();
        SourceException thrown = assertThrows(SourceException.class, manager::create);
        assertEquals("memory", thrown.dataset());
        assertTrue(thrown.getMessage().contains("memory"), thrown.getMessage());
        assertEquals(List.of(), manager.list());
        empty.set("a value");
        manager.create();
    }

    @Test
    void aRootFolderAloneIsNothingThatCouldBeVerified() {
        FakeDataset mountedNowhere = FakeDataset.of("tree");
        SnapshotManager manager = host.elsewhere(host.state)
                .dataset(new ChangedView(mountedNowhere) {
                    @Override
                    EntryCursor entries(EntryCursor files) {
                        files.close();
                        return EntryCursor.of(List.of(Entry.directory(EntryPath.ROOT, EntryAttributes.NONE)));
                    }
                })
                .open();
        VerificationReport report = manager.verify(manager.create().id());
        assertFalse(report.passed());
        assertEquals(1, report.problems().size(), report.problems().toString());
    }

    /** With the caller's thread only, the barrier runs on the thread that holds the manager's gate. */
    @Test
    void aSnapshotFromInsideTheBarrierIsRefused() {
        AtomicReference<SnapshotManager> itself = new AtomicReference<>();
        AtomicReference<Throwable> nested = new AtomicReference<>();
        SnapshotManager manager = host.builder()
                .barrier(action -> {
                    try {
                        itself.get().create();
                    } catch (RuntimeException | Error e) {
                        nested.set(e);
                    }
                    action.run();
                })
                .open();
        itself.set(manager);
        AtomicBoolean deep = new AtomicBoolean();
        host.data.at(point -> {
            // A nested capture would hold the barrier again, and so on without an end.
            if (point == FakeDataset.Point.PREPARE && deep.getAndSet(true)) {
                throw new AssertionError("a second capture began inside the barrier of the first");
            }
        });
        manager.create();
        assertNotNull(nested.get());
        assertEquals(BackupBusyException.class, nested.get().getClass(), String.valueOf(nested.get()));
        assertEquals(1, host.data.frozen());
        assertEquals(1, manager.list().size());
    }

    @Test
    void aViewThatCannotBeClosedAfterTheCommitHarmsNothing() {
        FakeDataset before = FakeDataset.of("before").file("b", "x");
        FakeDataset after = FakeDataset.of("last").file("c", "x");
        AtomicBoolean threw = new AtomicBoolean();
        SnapshotManager manager = host.elsewhere(host.state)
                .dataset(before)
                .dataset(new ChangedView(host.data) {
                    @Override
                    void closed() {
                        if (host.blobs.stat(BlobName.of("snap-1/manifest.json")).isPresent()) {
                            threw.set(true);
                            throw new IllegalStateException("the view cannot be closed");
                        }
                    }
                })
                .dataset(after)
                .open();
        assertEquals("snap-1", manager.create().id().value());
        assertTrue(threw.get(), "the cut closes all views once more at its end");
        assertEquals(List.of("snap-1"), BrokenHost.ids(manager));
        assertEquals(0, before.open() + after.open() + host.data.open());
    }

    /** The first trouble is told, and no view is left open by the second. */
    @Test
    void aViewThatCannotBeClosedDoesNotKeepTheOthersOpen() {
        FakeDataset second = FakeDataset.of("second").file("b", "x");
        FakeDataset bad = FakeDataset.of("third")
                .failingAt(
                        FakeDataset.Point.FREEZE,
                        new SourceException("third", "cannot be pinned", "Nothing: a test wanted it", null));
        SnapshotManager manager = host.elsewhere(host.state)
                .dataset(new ChangedView(host.data) {
                    @Override
                    void closed() {
                        throw new IllegalStateException("the view cannot be closed");
                    }
                })
                .dataset(second)
                .dataset(bad)
                .open();
        SourceException thrown = assertThrows(SourceException.class, manager::create);
        assertEquals("third", thrown.dataset());
        assertEquals(0, host.data.open() + second.open() + bad.open());
        assertEquals(List.of(), manager.list());
    }
}
