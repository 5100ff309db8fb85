package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.operate.ForwardingStore;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The same chunks lie in two packs, each of two sweeps condemns another one of them, and each may take the other's for the place that stays. */
class TwoSweepsTest {

    private final World world = World.create();
    private final AtomicBoolean hiding = new AtomicBoolean(true);

    @Test
    void twoSweepsOneOfAFullStoreDoNotTakeBothPlacesOfAChunk() {
        twoPacksWithTheSameChunks();
        List<BlobInfo> packs = world.blobs().list("packs");
        assertEquals(2, packs.size());
        QuotaStore disk = new QuotaStore(world.blobs(), 10);
        try (Actor full = new Actor(disk, store -> store);
                Actor other = new Actor(
                        world.blobs(), store -> hiding(store, packs.get(0).name()))) {
            // One knows both packs at once and prefers the first, the other has known the second for longer.
            full.run(0, repository -> world.restore(repository, world.kept().get(0)));
            other.run(0, repository -> world.restore(repository, world.kept().get(0)));
            hiding.set(false);
            disk.leave(10);
            other.run(putOfRecord(), repository -> World.sweep(repository));
            full.run(putOfRecord(), repository -> World.sweep(repository));
            assertTrue(other.isSuspended() && full.isSuspended());
            other.resume(secondLookAtRecords());
            full.resume(
                    call -> call.operation() == Operation.DELETE && call.name().startsWith("packs/"));
            other.resume();
            full.resume();
            assertNull(other.failure());
            assertNull(full.failure());
        }
        world.assertWhole();
        world.settle();
    }

    private static Predicate<FaultyBlobStore.Call> putOfRecord() {
        return call -> call.operation() == Operation.PUT && call.name().startsWith("condemned/");
    }

    /** The records are listed once to see which may be carried out, and then as the first part of a look at the index. */
    private static Predicate<FaultyBlobStore.Call> secondLookAtRecords() {
        AtomicInteger looks = new AtomicInteger();
        return call -> call.operation() == Operation.CHILDREN
                && call.name().equals("condemned")
                && looks.incrementAndGet() == 2;
    }

    private BlobStore hiding(BlobStore store, BlobName pack) {
        return new ForwardingStore(store) {
            @Override
            public List<BlobInfo> list(String folder) {
                return super.list(folder).stream()
                        .filter(blob -> !hiding.get() || !blob.name().equals(pack))
                        .toList();
            }
        };
    }

    private void twoPacksWithTheSameChunks() {
        try (PackedRepository repository = Packed.at(world.blobs());
                SnapshotWriter one = World.begin(repository);
                SnapshotWriter two = World.begin(repository)) {
            world.complete(one, List.of(1, 2, 3));
            world.complete(two, List.of(1, 2, 3));
        }
    }
}
