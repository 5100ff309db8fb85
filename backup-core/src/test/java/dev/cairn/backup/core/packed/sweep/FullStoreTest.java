package dev.cairn.backup.core.packed.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.packed.fence.QuotaStore;
import dev.cairn.backup.core.packed.fence.World;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Space is freed where there is none. */
class FullStoreTest {

    private final World world = World.create();
    private final MemoryBlobStore blobs = world.blobs();

    private SnapshotId backup(PackedRepository repository, Integer... files) {
        return world.backup(repository, Optional.empty(), List.of(files));
    }

    private boolean hasReserve() {
        return blobs.stat(BlobName.of("reserve")).isPresent();
    }

    @Test
    void aFullStoreIsSweptAndTheReserveComesBack() {
        SnapshotId first;
        try (PackedRepository repository = Packed.at(blobs)) {
            first = backup(repository, 1, 2, 3, 4, 5, 6, 7, 8);
            SnapshotId large = world.backup(repository, Optional.empty(), numbers(100, 600));
            backup(repository, 1, 9);
            world.delete(repository, large);
        }
        QuotaStore disk = new QuotaStore(blobs, 10);
        try (PackedRepository repository = Packed.at(disk)) {
            assertThrows(StoreException.class, () -> backup(repository, 50));
            assertTrue(world.delete(repository, first));
            SweepReport report = World.sweep(repository);
            assertTrue(report.bytesFreed() > 1 << 20, report::toString);
            assertTrue(hasReserve());
            backup(repository, 50);
            assertEquals(1, World.sweep(repository).packsRewritten(), "what had to wait for room");
        }
        world.settle();
    }

    private static List<Integer> numbers(int from, int to) {
        return java.util.stream.IntStream.range(from, to).boxed().toList();
    }

    @Test
    void theReserveIsGivenUpAndMadeAnewLaterWhereLittleIsFreed() {
        SnapshotId first;
        try (PackedRepository repository = Packed.at(blobs)) {
            first = backup(repository, 1, 2, 3);
            backup(repository, 9);
        }
        QuotaStore disk = new QuotaStore(blobs, 10);
        try (PackedRepository repository = Packed.at(disk)) {
            world.delete(repository, first);
            disk.leave(10);
            assertEquals(1, World.sweep(repository).packsRemoved());
            disk.leave(3 << 20);
            World.sweep(repository);
            assertTrue(hasReserve());
        }
        world.settle();
    }

    /** There is room for records, and none for a copy of what is still needed. */
    @Test
    void whereThereIsNoRoomForCopiesTheRestIsFreedAllTheSame() {
        SnapshotId mostlyDead;
        try (PackedRepository repository = Packed.at(blobs)) {
            mostlyDead = world.backup(repository, Optional.empty(), numbers(1, 100));
            SnapshotId dead = backup(repository, 101, 102, 103);
            world.backup(repository, Optional.empty(), numbers(1, 21));
            world.delete(repository, mostlyDead);
            world.delete(repository, dead);
        }
        QuotaStore disk = new QuotaStore(blobs, 20_000);
        try (PackedRepository repository = Packed.at(disk)) {
            for (int i = 0; i < 3; i++) {
                long packs = blobs.list("packs").size();
                SweepReport report = World.sweep(repository);
                assertEquals(i == 0 ? 1 : 0, report.packsRemoved());
                assertEquals(1, report.packsWaiting());
                assertTrue(report.bytesFreed() >= 0, report::toString);
                assertEquals(packs - report.packsRemoved(), blobs.list("packs").size(), "nothing useless is left");
                world.assertWhole();
                disk.leave(20_000);
            }
            disk.leave(1 << 20);
            assertEquals(1, World.sweep(repository).packsRewritten());
        }
        world.settle();
    }
}
