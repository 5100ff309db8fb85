package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A snapshot that is written again after a pack could not be stored must not rest on that pack. */
class FailedWriteTest {

    /** About 48 MB, so that one pack after the other is sent off while the next is filled. */
    private static final List<Integer> MUCH = IntStream.range(0, 16_000).boxed().toList();

    @Test
    void whatWasInAPackThatCouldNotBeStoredIsNotTakenForStored() {
        World world = World.create();
        AtomicBoolean once = new AtomicBoolean();
        FaultyBlobStore store = FaultyBlobStore.over(world.blobs()).onCall(call -> {
            if (call.operation() == Operation.PUT
                    && call.name().startsWith("packs/")
                    && once.compareAndSet(false, true)) {
                throw new StoreException(StoreException.Reason.IO, "a hiccup", "Try again", null);
            }
        });
        try (PackedRepository repository = Packed.at(store);
                SnapshotWriter writer = World.begin(repository)) {
            PoolDataset dataset = PoolDataset.of(MUCH);
            assertThrows(
                    StoreException.class,
                    () -> writer.write(
                            dataset,
                            dataset.view(),
                            Optional.empty(),
                            (entries, bytes) -> {},
                            new CancellationToken()));
            assertTrue(once.get());
            writer.restart();
            assertThrows(StoreException.class, () -> world.complete(writer, MUCH));
        }
        world.assertWhole();
        world.settle();
    }
}
