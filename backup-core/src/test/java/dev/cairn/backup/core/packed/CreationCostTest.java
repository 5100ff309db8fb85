package dev.cairn.backup.core.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.SuspectRule;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SampleDataset;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A snapshot asks the store for as much however many snapshots there are, and what it does not ask for it does not take for granted. */
class CreationCostTest {

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final List<FaultyBlobStore.Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final PackedRepository repository =
            Packed.at(FaultyBlobStore.over(blobs).onCall(calls::add));
    private final Tree tree = new Tree();
    private int taken;
    private int others;

    @AfterEach
    void close() {
        repository.close();
    }

    /** A step of a host: what does the new snapshot continue, then the snapshot. */
    private void take() {
        tree.put("changing" + taken % 3, "content " + taken);
        List<StoredSnapshot> before = repository.listToContinue();
        assertEquals(taken + others, before.size());
        String parent = taken == 0 ? null : before.get(before.size() - 1).id().value();
        tree.snapshot(repository, "s" + ++taken, parent);
    }

    private Map<Operation, Long> callsOfOne() {
        calls.clear();
        take();
        return calls.stream()
                .collect(Collectors.groupingBy(FaultyBlobStore.Call::operation, TreeMap::new, Collectors.counting()));
    }

    @Test
    void aSnapshotMakesAsManyCallsAsOneOfTheFirst() {
        for (int i = 0; i < 10; i++) {
            take();
        }
        Map<Operation, Long> few = callsOfOne();
        while (taken < 100) { // A merge of the index comes at each 32nd.
            take();
        }
        assertEquals(few, callsOfOne());
        assertTrue(calls.stream().noneMatch(call -> call.operation() == Operation.LIST), calls::toString);
        assertTrue(calls.stream().noneMatch(call -> call.name().equals("snapshots")), calls::toString);
    }

    @Test
    void theIndexOfManySnapshotsIsInFewSegmentsThatTellOfEveryPack() {
        while (taken < 200) {
            take();
        }
        assertTrue(blobs.list("index").size() < 70, () -> blobs.list("index").size() + " segments");
        for (int i : new int[] {1, 31, 32, 33, 100, 200}) {
            assertEquals(3, Tree.read(Packed.at(blobs), "s" + Math.max(3, i)).size());
        }
    }

    @Test
    void whatAnotherProcessTookIsContinued() {
        take();
        take();
        try (PackedRepository other = Packed.at(blobs)) {
            tree.snapshot(other, "elsewhere", "s2");
        }
        assertEquals(List.of("s1", "s2", "elsewhere"), ids(repository.listToContinue()));
    }

    @Test
    void whatAnotherProcessIsTakingIsContinuedOnceItIsThere() {
        take();
        try (PackedRepository other = Packed.at(blobs)) {
            assertEquals(List.of("s1"), ids(repository.listToContinue()));
            tree.onOpen("late", () -> assertEquals(List.of("s1"), ids(repository.listToContinue())));
            tree.put("late", "opened while it is written");
            tree.snapshot(other, "elsewhere", "s1");
        }
        assertEquals(List.of("s1", "elsewhere"), ids(repository.listToContinue()));
    }

    @Test
    void aNewestSnapshotThatAnotherProcessDeletedIsNotContinued() {
        take();
        take();
        assertEquals(List.of("s1", "s2"), ids(repository.listToContinue()));
        try (PackedRepository other = Packed.at(blobs)) {
            other.delete(SnapshotId.of("s2"));
        }
        assertEquals(List.of("s1"), ids(repository.listToContinue()));
        repository.delete(SnapshotId.of("s1"));
        assertEquals(List.of(), ids(repository.listToContinue()));
    }

    /** Without its mark it would pass for good, and an empty source be compared with an empty snapshot. */
    @Test
    void aSuspectSnapshotThatAnotherProcessDeletedIsNotComparedWith() {
        take();
        take();
        take();
        SnapshotMetadata any = ((StoredSnapshot.Committed) repository.list().get(0)).metadata();
        Catalog catalog = new Catalog(repository, any.lineage());
        Mark suspect = new Mark(Mark.Kind.SUSPECT, "cairn", Instant.EPOCH, "lost its entries");
        repository.mark(SnapshotId.of("s2"), suspect);
        repository.mark(SnapshotId.of("s3"), suspect);
        assertEquals("s1", comparedWith(catalog));
        try (PackedRepository other = Packed.at(blobs)) {
            other.delete(SnapshotId.of("s2"));
        }
        assertEquals("s1", comparedWith(catalog));
    }

    /** As continuous protection takes them: of one dataset alone, so that the newest lacks the others. */
    @Test
    void whatTheNewestSnapshotLacksCostsALookAtTheOneThatHoldsIt() {
        takeOther();
        while (taken < 40) {
            take();
        }
        Catalog catalog = new Catalog(repository, lineage());
        assertEquals(40, taken);
        assertEquals(
                "other", SuspectRule.holding(catalog.toContinue()).get("other").value());
        assertEquals(
                "s40", SuspectRule.holding(catalog.toContinue()).get(Tree.NAME).value());
        calls.clear();
        catalog.toContinue();
        assertTrue(calls.stream().noneMatch(call -> call.operation() == Operation.READ), calls::toString);
        assertTrue(calls.stream().noneMatch(call -> call.name().equals("snapshots")), calls::toString);
        assertEquals(
                1,
                calls.stream()
                        .filter(call -> call.name().equals("snapshots/other"))
                        .count(),
                calls::toString);
    }

    @Test
    void aSuspectThatAnotherProcessDeletedIsContinuedByNoDataset() {
        takeOther();
        repository.mark(
                SnapshotId.of("other"), new Mark(Mark.Kind.SUSPECT, "cairn", Instant.EPOCH, "lost its entries"));
        take();
        Catalog catalog = new Catalog(repository, lineage());
        assertEquals(
                Set.of(Tree.NAME), SuspectRule.holding(catalog.toContinue()).keySet());
        try (PackedRepository other = Packed.at(blobs)) {
            other.delete(SnapshotId.of("other"));
        }
        assertEquals(
                Set.of(Tree.NAME), SuspectRule.holding(catalog.toContinue()).keySet());
        assertEquals(1, catalog.toContinue().size());
    }

    private void takeOther() {
        SampleDataset dataset = new SampleDataset("other", List.of());
        try (SnapshotWriter writer = repository.begin(sequence -> SnapshotId.of("other"))) {
            DatasetSummary summary = writer.write(
                    dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken());
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Tree.CUT)
                    .sequence(writer.sequence())
                    .datasets(List.of(summary))
                    .build();
            writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
        }
        others++;
    }

    private String lineage() {
        return ((StoredSnapshot.Committed) repository.list().get(0)).metadata().lineage();
    }

    private static String comparedWith(Catalog catalog) {
        return SuspectRule.baseline(catalog.toContinue(), Tree.NAME)
                .orElseThrow()
                .id()
                .value();
    }

    /** The manifest goes between the listing and its reading, and a copy from another store brings it back. */
    @Test
    void aSnapshotThatCameBackIsListed() {
        take();
        BlobName manifest = BlobName.of("snapshots/s1");
        byte[] body = blobs.readRange(
                manifest, 0, (int) blobs.stat(manifest).orElseThrow().size());
        BlobStore gone = new ForwardingStore(blobs) {
            @Override
            public InputStream read(BlobName name) {
                if (name.equals(manifest)) {
                    blobs.delete(manifest);
                }
                return super.read(name);
            }
        };
        AtomicReference<BlobStore> now = new AtomicReference<>(gone);
        BlobStore switching = new ForwardingStore(blobs) {
            @Override
            public InputStream read(BlobName name) {
                return now.get().read(name);
            }
        };
        try (PackedRepository other = Packed.at(switching)) {
            assertEquals(List.of(), ids(other.list()));
            now.set(blobs);
            blobs.putIfAbsent(manifest, BlobContent.of(body));
            assertEquals(List.of("s1"), ids(other.list()));
        }
    }

    @Test
    void aPackThatLostItsEndIsNoticedByTheNextSnapshot() {
        take();
        take();
        BlobInfo pack = blobs.list("packs").get(0);
        byte[] half = blobs.readRange(pack.name(), 0, (int) pack.size() / 2);
        blobs.delete(pack.name());
        blobs.putIfAbsent(pack.name(), BlobContent.of(half));
        take();
        assertEquals(tree.contents(), Tree.read(repository, "s3"));
        try (PackedRepository anew = Packed.at(blobs)) {
            assertEquals(tree.contents(), Tree.read(anew, "s3"));
        }
    }

    @Test
    void aPackThatIsCalledDamagedIsNotRestedOn() {
        take();
        BlobName pack = blobs.list("packs").get(0).name();
        blobs.putIfAbsent(BlobName.of("damaged/" + pack.lastComponent()), BlobContent.of("a check says so"));
        take();
        blobs.delete(pack);
        try (PackedRepository anew = Packed.at(blobs)) {
            assertEquals(tree.contents(), Tree.read(anew, "s2"));
        }
    }

    private static List<String> ids(List<StoredSnapshot> snapshots) {
        return snapshots.stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(snapshot -> snapshot.id().value())
                .toList();
    }
}
