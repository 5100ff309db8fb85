package dev.cairn.backup.core.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SegmentStoreContract;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedSegmentsTest extends SegmentStoreContract {

    private static final String TIMELINE = "ab".repeat(16);

    private final MemoryBlobStore blobs = new MemoryBlobStore();

    @Override
    protected SnapshotRepository newRepository(BlobStore store) {
        return Packed.at(store);
    }

    private static void put(SegmentStore segments, long number) {
        segments.put(TIMELINE, number, segments.seal(TIMELINE, number, new byte[] {(byte) number, 7}));
    }

    private static CopyReport copy(PackedRepository repository, BlobStore target) {
        return repository.copyTo(target, ProgressListener.NONE, new CancellationToken());
    }

    @Test
    void aSegmentIsAContainerOfKindEightUnderItsName() {
        PackedRepository repository = Packed.at(blobs);
        put(repository.segments().orElseThrow(), 12);
        byte[] stored = blobs.bytes(BlobName.of("segments/" + TIMELINE + "/0000000000000000012"));
        assertEquals("89434149524e0d0a" + "01010800", HexFormat.of().formatHex(stored, 0, 12));
    }

    @Test
    void aCopyTakesSegmentsAlongAndThenOnlyNewOnes() {
        PackedRepository repository = Packed.at(blobs);
        SegmentStore segments = repository.segments().orElseThrow();
        put(segments, 0);
        put(segments, 1);
        MemoryBlobStore target = new MemoryBlobStore();
        copy(repository, target);
        put(segments, 2);
        assertEquals(1, copy(repository, target).blobs());
        SegmentStore copied = Packed.at(target).segments().orElseThrow();
        assertEquals(List.of(0L, 1L, 2L), List.copyOf(copied.list(TIMELINE).keySet()));
        for (long number = 0; number < 3; number++) {
            assertArrayEquals(new byte[] {(byte) number, 7}, copied.read(TIMELINE, number));
        }
    }

    @Test
    void aDamagedSegmentIsNotCopiedAndAllOthersAre() {
        PackedRepository repository = Packed.at(blobs);
        SegmentStore segments = repository.segments().orElseThrow();
        put(segments, 0);
        put(segments, 1);
        put(segments, 2);
        BlobName damaged = BlobName.of("segments/" + TIMELINE + "/0000000000000000001");
        byte[] bytes = blobs.bytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        blobs.damage(damaged, bytes);
        MemoryBlobStore target = new MemoryBlobStore();
        assertThrows(DamagedRepositoryException.class, () -> copy(repository, target));
        assertEquals(
                List.of(0L, 2L),
                List.copyOf(Packed.at(target)
                        .segments()
                        .orElseThrow()
                        .list(TIMELINE)
                        .keySet()));
    }
}
