package dev.cairn.backup.core.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestorePendingException;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingRestoresTest {

    private final World world = new World();

    /** A process that dies while it swaps the second dataset. */
    private void crashInSwap() {
        Steps counting = Steps.harmless();
        new World().restore(counting);
        long swap = counting.seen().indexOf("right swap: make live") + 1;
        assertThrows(Throwable.class, () -> world.restore(Steps.crashingAt(swap)));
        world.revived();
    }

    @Test
    void nothingPendingCostsOneListing() {
        MemoryBlobStore state = new MemoryBlobStore();
        var counted = dev.cairn.backup.testkit.FaultyBlobStore.over(state);
        assertTrue(Cairn.recoverPending(counted, List.of()).nothingPending());
        assertEquals(1, counted.calls());
    }

    @Test
    void theReportTellsWhatWasUndoneAndWhoseValueWaits() {
        crashInSwap();
        RecoveryReport report =
                Cairn.recoverPending(world.state(), world.datasets().subList(2, 4));
        RecoveryReport.Recovered recovered = report.restores().get(0);
        assertEquals("restore-1", recovered.restoreId());
        assertEquals(World.TARGET, recovered.target());
        assertEquals(RecoveryReport.Outcome.UNDONE, recovered.outcome());
        assertEquals(List.of("memory", "cursors"), recovered.awaiting());
        assertTrue(Cairn.recoverPending(world.state(), List.of()).nothingPending(), "the disks are done with");
    }

    @Test
    void aDatasetThatIsNotGivenIsNamedAndNothingIsChanged() {
        crashInSwap();
        RestorePendingException thrown = assertThrows(
                RestorePendingException.class,
                () -> Cairn.recoverPending(world.state(), world.datasets().get(2)));
        assertTrue(thrown.getMessage().contains("'right'"), thrown.getMessage());
        assertEquals("old", ageAfterStart());
    }

    @Test
    void anotherKindUnderTheSameNameIsNotTaken() {
        crashInSwap();
        var impostor = dev.cairn.backup.core.state.StateDataset.of(
                "right",
                dev.cairn.backup.core.state.JsonCodec.of(
                        new com.fasterxml.jackson.databind.ObjectMapper(), String.class),
                () -> "",
                value -> {});
        assertThrows(
                RestorePendingException.class,
                () -> Cairn.recoverPending(world.state(), world.datasets().get(2), impostor));
    }

    @Test
    void aManagerDoesNotOpenWhileARestoreIsPending() {
        crashInSwap();
        RestorePendingException thrown = assertThrows(RestorePendingException.class, () -> manager(world.state()));
        assertTrue(thrown.getMessage().contains("Cairn.recoverPending"), thrown.getMessage());
        assertEquals("old", ageAfterStart());
        manager(world.state()).close();
    }

    @Test
    void aValueInMemoryIsHandedBackAtTheNextStartOrNever() {
        crashInSwap();
        Cairn.recoverPending(world.state(), world.datasets());
        new PendingRestores(world.state()).handBack(world.datasets().subList(2, 4));
        assertTrue(world.age().contains("memory new"), world.age());
        assertTrue(world.nothingPending());
        new PendingRestores(world.state()).handBack(world.datasets());
        assertTrue(
                world.age().contains("memory new"), "a stale value must not replace a live one later: " + world.age());
    }

    @Test
    void severalAreEndedOldestFirstByTheirNumbers() {
        RestoreRecords records = new RestoreRecords(world.state());
        for (String startedAt : List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.500Z", "2025-01-01T00:00:00Z")) {
            records.begin(new RestoreRecords.Intent("target", startedAt, null, List.of()));
        }
        assertEquals(
                List.of("restore-1", "restore-2", "restore-3"),
                Cairn.recoverPending(world.state(), List.of()).restores().stream()
                        .map(RecoveryReport.Recovered::restoreId)
                        .toList());
    }

    @Test
    void aDamagedOutcomeIsNamedAndDecidesNothing() {
        RestoreRecords records = new RestoreRecords(world.state());
        String id = records.begin(new RestoreRecords.Intent("target", "2026-01-01T00:00:00Z", null, List.of()));
        BlobName outcome = BlobName.of("restores/" + id + "/outcome");
        world.state().putIfAbsent(outcome, BlobContent.of(new byte[4]));
        StoreException thrown =
                assertThrows(StoreException.class, () -> Cairn.recoverPending(world.state(), List.of()));
        assertTrue(thrown.getMessage().contains(outcome.value()), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("damaged"), thrown.getMessage());
    }

    @Test
    void anIdIsNeverUsedAgainAfterItsRestoreHasEnded() {
        assertEquals("restore-1", world.restore(Steps.harmless()).id());
        assertEquals("restore-2", world.restore(Steps.harmless()).id());
        for (int i = 3; i <= 12; i++) {
            assertEquals("restore-" + i, world.restore(Steps.harmless()).id());
        }
    }

    @Test
    void aSavedValueIsNeverReplacedByAnother() {
        var context = new RestoreRecords(world.state())
                .context("restore-9", java.time.Instant.EPOCH, "left", new dev.cairn.backup.CancellationToken());
        context.save("key", new byte[] {1});
        context.save("key", new byte[] {1});
        assertThrows(IllegalStateException.class, () -> context.save("key", new byte[] {2}));
        assertEquals(1, context.load("key").orElseThrow()[0]);
        assertTrue(context.load("other").isEmpty());
    }

    private String ageAfterStart() {
        world.start(Steps.harmless());
        return world.age();
    }

    private static SnapshotManager manager(MemoryBlobStore state) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(new MemoryBlobStore()))
                .state(state)
                .dataset(FakeDataset.of("any"))
                .callerThreadsOnly()
                .open();
    }
}
