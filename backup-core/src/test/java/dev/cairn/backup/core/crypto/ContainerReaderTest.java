package dev.cairn.backup.core.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.FaultyBlobStore.Operation;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContainerReaderTest {

    private static final BlobName BLOB = BlobName.of("packs/ab/abcd");

    private final Containers containers = Sample.containers();
    private final MemoryBlobStore store = new MemoryBlobStore();

    @Property(tries = 300)
    void anyPartIsThatPartOfTheWhole(
            @ForAll @IntRange(max = 100_000) int length,
            @ForAll @IntRange(max = 100_000) int from,
            @ForAll @IntRange(max = 100_000) int part) {
        byte[] body = Sample.body(length);
        MemoryBlobStore own = new MemoryBlobStore();
        byte[] stored = containers.seal(ContainerKind.PACK, "", body);
        own.putIfAbsent(BLOB, BlobContent.of(stored));
        ContainerReader reader = containers.reader(ContainerKind.PACK, own, BLOB, stored.length);
        int begin = Math.min(from, length);
        int size = Math.min(part, length - begin);
        assertArrayEquals(Arrays.copyOfRange(body, begin, begin + size), reader.read(begin, size));
        byte[] into = new byte[size + 7];
        reader.read(begin, into, 5, size);
        assertArrayEquals(Arrays.copyOfRange(body, begin, begin + size), Arrays.copyOfRange(into, 5, 5 + size));
        assertEquals(0, into[4] | into[5 + size]);
    }

    @Test
    void bodiesOfEveryLengthAreReadWhole() {
        for (int length : Sample.LENGTHS) {
            ContainerReader reader = stored(length);
            assertEquals(length, reader.bodyLength());
            assertArrayEquals(Sample.body(length), reader.read(0, length), length + " bytes");
            store.delete(BLOB);
        }
    }

    @Test
    void aBodyLargerThanOneRangeReadIsReadWhole() {
        int length = 25 << 20;
        assertArrayEquals(Sample.body(length), stored(length).read(0, length));
    }

    @Test
    void openingTakesOneRangeReadAndSoDoesABlock() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(17 << 20));
        store.putIfAbsent(BLOB, BlobContent.of(stored));
        FaultyBlobStore counted = FaultyBlobStore.over(store);
        ContainerReader reader = containers.reader(ContainerKind.PACK, counted, BLOB, stored.length);
        assertEquals(1, counted.calls());
        reader.read(12_345, 16 << 20);
        assertEquals(2, counted.calls());
        reader.read(12_345, 0);
        assertEquals(2, counted.calls());
    }

    @Test
    void aContainerOfOneFrameIsReadOnce() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(9_000));
        store.putIfAbsent(BLOB, BlobContent.of(stored));
        FaultyBlobStore counted = FaultyBlobStore.over(store);
        containers.reader(ContainerKind.PACK, counted, BLOB, stored.length).read(0, 9_000);
        assertEquals(1, counted.calls());
    }

    @Test
    void partsOutsideTheBodyAreRefused() {
        ContainerReader reader = stored(50_000);
        assertThrows(InvalidValueException.class, () -> reader.read(-1, 1));
        assertThrows(InvalidValueException.class, () -> reader.read(50_000, 1));
        assertThrows(InvalidValueException.class, () -> reader.read(0, 50_001));
        assertThrows(InvalidValueException.class, () -> reader.read(0, Integer.MAX_VALUE));
        assertThrows(InvalidValueException.class, () -> reader.read(Long.MAX_VALUE, Integer.MAX_VALUE));
        assertThrows(InvalidValueException.class, () -> reader.read(0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> reader.read(0, new byte[10], 5, 6));
    }

    @Test
    void damageInOneFrameSpoilsThePartsThatNeedItAndNoOther() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(100_000));
        stored[96 + 3 * 16_400 + 77] ^= 4;
        store.putIfAbsent(BLOB, BlobContent.of(stored));
        ContainerReader reader = containers.reader(ContainerKind.PACK, store, BLOB, stored.length);
        int third = 3 * 16_384 - 8;
        assertArrayEquals(Arrays.copyOf(Sample.body(100_000), third), reader.read(0, third));
        damaged(() -> reader.read(0, third + 1));
        damaged(() -> reader.read(third + 16_383, 2));
        assertEquals(100, reader.read(third + 16_384, 100).length);
    }

    @Test
    void aTruncatedContainerIsDamagedWhateverSizeWasListed() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(100_000));
        for (int length :
                new int[] {0, 50, 119, 120, 96 + 16_400, 96 + 2 * 16_400, 96 + 2 * 16_400 + 500, stored.length - 1}) {
            MemoryBlobStore cut = new MemoryBlobStore();
            cut.putIfAbsent(BLOB, BlobContent.of(Arrays.copyOf(stored, length)));
            damaged(() ->
                    containers.reader(ContainerKind.PACK, cut, BLOB, length).read(0, 100_000));
            damaged(() -> containers
                    .reader(ContainerKind.PACK, cut, BLOB, stored.length)
                    .read(0, 100_000));
        }
    }

    @Test
    void aFlippedByteOfTheHeadOrFirstFrameIsDamage() {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(40_000));
        for (int i = 0; i < 96 + 16_400; i += i < 96 ? 1 : 211) {
            byte[] flipped = stored.clone();
            flipped[i] ^= 0x40;
            MemoryBlobStore bad = new MemoryBlobStore();
            bad.putIfAbsent(BLOB, BlobContent.of(flipped));
            damaged(() -> containers.reader(ContainerKind.PACK, bad, BLOB, flipped.length));
        }
    }

    @Test
    void manifestsAreBoundToTheBlobsName() {
        byte[] stored = containers.seal(ContainerKind.MANIFEST, "snapshots/other", Sample.body(10));
        store.putIfAbsent(BLOB, BlobContent.of(stored));
        damaged(() -> containers.reader(ContainerKind.MANIFEST, store, BLOB, stored.length));
    }

    @Test
    void aMissingBlobAndAFailingStoreAreNotCalledDamage() {
        assertThrows(BlobNotFoundException.class, () -> containers.reader(ContainerKind.PACK, store, BLOB, 5_000));
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(40_000));
        store.putIfAbsent(BLOB, BlobContent.of(stored));
        FaultyBlobStore failing = FaultyBlobStore.over(store).failAt(Operation.READ_RANGE, 2);
        ContainerReader reader = containers.reader(ContainerKind.PACK, failing, BLOB, stored.length);
        assertThrows(StoreException.class, () -> reader.read(0, 40_000));
        assertEquals(40_000, reader.read(0, 40_000).length);
    }

    private ContainerReader stored(int length) {
        byte[] stored = containers.seal(ContainerKind.PACK, "", Sample.body(length));
        store.putIfAbsent(BLOB, BlobContent.of(stored));
        return containers.reader(ContainerKind.PACK, store, BLOB, stored.length);
    }

    private static void damaged(Runnable read) {
        DamagedRepositoryException e = assertThrows(DamagedRepositoryException.class, read::run);
        assertEquals(BLOB.value(), e.damaged());
    }
}
