package dev.cairn.backup.core.retain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.Retention;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.chain.Proofs;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PruningTest {

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final BrowsableRepository repository = BrowsableRepository.at(store);
    private final SettableTicker ticker = SettableTicker.create();

    @Test
    void removesWhatNoRuleKeepsAndSaysWhy() {
        write(5, "mine");
        List<RetentionDecision> removed = pruning(store, 3).prune();
        assertEquals(
                List.of("snap-1", "snap-2"),
                removed.stream().map(decision -> decision.snapshot().value()).toList());
        removed.forEach(decision -> assertFalse(decision.reasons().isEmpty()));
        assertEquals(List.of("snap-3", "snap-4", "snap-5"), ids());
        assertEquals(List.of(), pruning(store, 3).prune());
    }

    @Test
    void anotherLineageIsLeftAlone() {
        write(3, "theirs");
        write(3, "mine");
        pruning(store, 1).prune();
        assertEquals(List.of("snap-1", "snap-2", "snap-3", "snap-6"), ids());
    }

    @Test
    void aPinThatWasPlacedAfterTheDecisionHolds() {
        write(3, "mine");
        FaultyBlobStore racing = FaultyBlobStore.over(store);
        racing.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.DELETE
                    && call.name().equals("snap-1/manifest.json")) {
                repository.mark(SnapshotId.of("snap-2"), pin());
            }
        });
        assertEquals(1, pruning(racing, 1).prune().size());
        assertEquals(List.of("snap-2", "snap-3"), ids());
    }

    @Test
    void aSuspectSnapshotThatIsDeletedBeforeItsMarksAreReadIsNotTheLastGoodOne() {
        write(2, "mine");
        repository.mark(SnapshotId.of("snap-2"), new Mark(Mark.Kind.SUSPECT, "cairn", Instant.EPOCH, "empty"));
        FaultyBlobStore racing = FaultyBlobStore.over(store);
        racing.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.LIST
                    && call.name().contains("marks")) {
                repository.delete(SnapshotId.of("snap-2"));
            }
        });
        assertEquals(List.of(), pruning(racing, 1).prune());
        assertEquals(List.of("snap-1"), ids());
    }

    @Test
    void aRemnantRestsForAnHourAfterItWasFirstSeen() {
        beginAndDie();
        Pruning pruning = pruning(store, 1);
        pruning.prune();
        ticker.advance(Duration.ofMinutes(60).minusNanos(1));
        pruning.prune();
        assertEquals(1, store.list("dead").size());
        ticker.advance(Duration.ofNanos(1));
        pruning.prune();
        assertEquals(
                List.of("dead/manifest.json"),
                store.list("dead").stream().map(blob -> blob.name().value()).toList());
    }

    /** A writer that claimed its id and stored something before its process ended. */
    private void beginAndDie() {
        repository.begin(sequence -> SnapshotId.of("dead"));
        store.putIfAbsent(BlobName.of("dead/snapshot/x"), BlobContent.of("x"));
    }

    @Test
    void aFolderThatNoWriterOfThisRepositoryBeganIsNeverPruned() {
        store.putIfAbsent(BlobName.of("holiday-pictures/beach.jpg"), BlobContent.of("x"));
        Pruning pruning = pruning(store, 1);
        pruning.prune();
        ticker.advance(Duration.ofDays(30));
        pruning.prune();
        assertEquals(1, store.list("holiday-pictures").size());
    }

    @Test
    void anotherProcessesRemnantRestsAnewForEachManager() {
        beginAndDie();
        pruning(store, 1).prune();
        ticker.advance(Duration.ofHours(2));
        pruning(store, 1).prune();
        assertEquals(1, store.list("dead").size());
    }

    @Test
    void aSnapshotThatWasFinishedMeanwhileIsNoRemnantAnyMore() {
        SnapshotWriter slow = repository.begin(sequence -> SnapshotId.of("snap-" + sequence));
        store.putIfAbsent(BlobName.of(slow.id() + "/snapshot/x"), BlobContent.of("x"));
        Pruning pruning = pruning(store, 1);
        pruning.prune();
        commit(slow, "mine");
        ticker.advance(Duration.ofHours(2));
        pruning.prune();
        assertEquals(List.of("snap-1"), ids());
    }

    @Test
    void aDamagedManifestIsEvidenceAndNeverPruned() {
        write(1, "mine");
        store.damage(BlobName.of("snap-1/manifest.json"), new byte[] {'{'});
        Pruning pruning = pruning(store, 1);
        pruning.prune();
        ticker.advance(Duration.ofHours(2));
        pruning.prune();
        assertTrue(store.stat(BlobName.of("snap-1/manifest.json")).isPresent());
    }

    @Test
    void anOperatorMayDeleteAnyButThePinnedAndTheLastGood() {
        write(3, "mine");
        Pruning pruning = pruning(store, 3);
        repository.mark(SnapshotId.of("snap-1"), pin());
        assertThrows(BackupBusyException.class, () -> pruning.delete(SnapshotId.of("snap-1")));
        BackupBusyException last =
                assertThrows(BackupBusyException.class, () -> pruning.delete(SnapshotId.of("snap-3")));
        assertTrue(last.getMessage().contains("snap-3") && last.getMessage().contains("'a'"), last.getMessage());
        pruning.delete(SnapshotId.of("snap-2"));
        assertThrows(SnapshotNotFoundException.class, () -> pruning.delete(SnapshotId.of("snap-2")));
        assertEquals(List.of("snap-1", "snap-3"), ids());
    }

    @Test
    void aPruneThatFailsAnywhereHasRemovedNothingThatIsKept() {
        for (int call = 1; call < 60; call++) {
            MemoryBlobStore memory = store.copy();
            BrowsableRepository own = BrowsableRepository.at(memory);
            for (int i = 0; i < 5; i++) {
                commit(own.begin(sequence -> SnapshotId.of("snap-" + sequence)), "mine");
            }
            FaultyBlobStore faulty = FaultyBlobStore.over(memory).failFrom(call);
            try {
                pruning(faulty, 3).prune();
            } catch (dev.cairn.backup.BackupException expected) {
                // The store went away.
            }
            List<String> left = ids(BrowsableRepository.at(memory));
            assertTrue(left.containsAll(List.of("snap-3", "snap-4", "snap-5")), call + ": " + left);
        }
    }

    private void write(int count, String lineage) {
        for (int i = 0; i < count; i++) {
            commit(repository.begin(sequence -> SnapshotId.of("snap-" + sequence)), lineage);
        }
    }

    private static void commit(SnapshotWriter writer, String lineage) {
        SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.EPOCH)
                .sequence(writer.sequence())
                .lineage(lineage)
                .datasets(List.of(Lineages.dataset("a", 0, 0)))
                .build();
        writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
        writer.close();
    }

    private Pruning pruning(BlobStore blobs, int keep) {
        BrowsableRepository own = BrowsableRepository.at(blobs);
        Proofs proofs = new Proofs(
                own, new MemoryBlobStore(), "mine", Optional.empty(), ReceiptKeys.none(), () -> Instant.EPOCH);
        return new Pruning(
                own,
                new Catalog(own, "mine"),
                Lineages.all(Retention.keepLast(keep)),
                ticker,
                AuditTrail.none(),
                proofs);
    }

    private List<String> ids() {
        return ids(repository);
    }

    private static List<String> ids(BrowsableRepository repository) {
        return new Catalog(repository, "mine")
                .all().stream().map(s -> s.id().value()).toList();
    }

    private static Mark pin() {
        return new Mark(Mark.Kind.PINNED, "me", Instant.EPOCH, "why");
    }
}
