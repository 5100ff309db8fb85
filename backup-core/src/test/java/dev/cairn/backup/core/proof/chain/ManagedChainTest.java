package dev.cairn.backup.core.proof.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.spi.BlobInfo;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The chain as the manager keeps it. */
class ManagedChainTest {

    private final TestHost host = new TestHost();

    private SnapshotManager open() {
        return host.builder().manualRetention(Retention.keepLast(2)).open();
    }

    private Proofs proofs() {
        BrowsableRepository repository = BrowsableRepository.at(host.blobs);
        repository.open();
        return new Proofs(repository, host.stateBlobs, lineage(), Optional.empty(), ReceiptKeys.none(), host.clock);
    }

    private String lineage() {
        return open().list().get(0).lineage();
    }

    @Test
    void snapshotsPrunesDeletionsAndRestartsKeepTheChain() {
        for (int process = 0; process < 3; process++) {
            SnapshotManager manager = open();
            manager.create();
            host.data.file("a", "content " + process);
            SnapshotId second = manager.create().id();
            manager.create();
            manager.prune();
            manager.create();
            manager.delete(
                    second.equals(manager.list().get(0).id())
                            ? second
                            : manager.list().get(0).id());
            assertEquals(BackupHealth.Status.HEALTHY, manager.health().status());
            manager.close();
        }
        var found = proofs().verifyChain();
        assertEquals(List.of(), found.breaks());
        assertTrue(found.removed() >= 8, found.toString());
        assertEquals(List.of(), host.events(BackupEvent.ChainBroken.class));
        String why = proofs().verifyChain().describe();
        assertTrue(why.endsWith("holds"), why);
    }

    @Test
    void whatIsDeletedBehindTheManagersBackIsToldAtTheNextOpening() {
        SnapshotManager manager = open();
        manager.create();
        String gone = manager.create().id().value();
        manager.close();
        host.blobs.list(gone).stream().map(BlobInfo::name).forEach(host.blobs::delete);
        SnapshotManager next = open();
        assertEquals(BackupHealth.Status.DEGRADED, next.health().status());
        assertTrue(
                next.health().problems().toString().contains(gone),
                next.health().problems()::toString);
        BackupEvent.ChainBroken told =
                host.events(BackupEvent.ChainBroken.class).get(0);
        assertEquals(
                "snapshot " + gone,
                told.verification().firstBreak().orElseThrow().what());
        assertTrue(told.describe().contains(gone));
        next.create(); // Protection goes on.
    }
}
