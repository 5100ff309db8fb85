package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every sentence of {@link SegmentStore} as a test, over a {@link MemoryBlobStore}. Extend it and say how a repository object is made over a store, as for {@link SnapshotRepositoryContract}; the
 * repository must have a segment store.
 */
public abstract class SegmentStoreContract extends RepositorySubject {

    private static final String ONE = "0123456789abcdef0123456789abcdef";
    private static final String TWO = "ffffffffffffffffffffffffffffffff";

    /** For subclasses. */
    protected SegmentStoreContract() {}

    private SegmentStore segments() throws Exception {
        return segments(store);
    }

    private SegmentStore segments(MemoryBlobStore blobs) throws Exception {
        return repository(blobs)
                .segments()
                .orElseThrow(() -> new AssertionError("SnapshotRepository.segments: it keeps segments"));
    }

    private static byte[] body(long number) {
        return BlobStoreSubject.noise(number, (int) Math.floorMod(number * 20_011, 50_000L));
    }

    private static void put(SegmentStore segments, String timeline, long... numbers) {
        for (long number : numbers) {
            assertEquals(
                    PutOutcome.CREATED, segments.put(timeline, number, segments.seal(timeline, number, body(number))));
        }
    }

    @Test
    void whatWasPutIsReadAlsoByAnother() throws Exception {
        put(segments(), ONE, 0, 1, 2, 7);
        put(segments(), TWO, 1);
        for (SegmentStore segments : List.of(segments(), segments())) {
            for (long number : new long[] {0, 1, 2, 7}) {
                assertArrayEquals(body(number), segments.read(ONE, number));
            }
            assertArrayEquals(body(1), segments.read(TWO, 1));
        }
    }

    @Test
    void aSealedSegmentWaitsOutsideTheStore() throws Exception {
        byte[] sealed = segments().seal(ONE, 5, body(5));
        Set<BlobName> before = names();
        assertArrayEquals(body(5), segments().unseal(ONE, 5, sealed));
        assertEquals(before, names(), "SegmentStore.seal: \"needs no store\"");
        assertEquals(PutOutcome.CREATED, segments().put(ONE, 5, sealed));
        assertArrayEquals(body(5), segments().read(ONE, 5));
    }

    @Test
    void whatIsThereIsNeverReplaced() throws Exception {
        SegmentStore segments = segments();
        put(segments, ONE, 3);
        assertEquals(PutOutcome.EXISTS, segments.put(ONE, 3, segments.seal(ONE, 3, body(4))));
        assertArrayEquals(body(3), segments.read(ONE, 3));
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        SegmentStore segments = segments();
        put(segments, ONE, 3);
        assertThrows(BlobNotFoundException.class, () -> segments.read(ONE, 4));
        assertThrows(BlobNotFoundException.class, () -> segments.read(TWO, 3));
        assertTrue(segments.list(TWO).isEmpty());
    }

    @Test
    void timelinesAndNumbersAreListed() throws Exception {
        SegmentStore segments = segments();
        assertEquals(Set.of(), segments.timelines());
        put(segments, TWO, 100, 9, 10);
        put(segments, ONE, 4_611_686_018_427_387_904L);
        assertEquals(Set.of(ONE, TWO), segments.timelines());
        assertEquals(List.of(9L, 10L, 100L), List.copyOf(segments.list(TWO).keySet()), "SegmentStore.list: by number");
        assertEquals(
                List.of(4_611_686_018_427_387_904L),
                List.copyOf(segments.list(ONE).keySet()));
        assertTrue(segments.list(TWO).values().stream().allMatch(bytes -> bytes > 0), "the stored bytes of each");
    }

    @Test
    void whatIsDeletedIsGoneAndWhatIsNotThereIsPassedOver() throws Exception {
        SegmentStore segments = segments();
        put(segments, ONE, 1, 2, 3);
        put(segments, TWO, 1);
        segments.delete(ONE, List.of(1L, 3L, 77L));
        assertEquals(List.of(2L), List.copyOf(segments.list(ONE).keySet()));
        segments.delete(ONE, List.of(2L));
        assertEquals(Set.of(TWO), segments.timelines(), "SegmentStore.timelines: \"that have a segment\"");
        assertArrayEquals(body(1), segments.read(TWO, 1));
    }

    @Test
    void aSegmentUnderAnothersNameIsDamaged() throws Exception {
        SegmentStore segments = segments();
        byte[] sealed = segments.seal(ONE, 1, body(1));
        assertThrows(DamagedRepositoryException.class, () -> segments.unseal(ONE, 2, sealed));
        assertThrows(DamagedRepositoryException.class, () -> segments.unseal(TWO, 1, sealed));
        segments.put(ONE, 2, sealed);
        assertThrows(DamagedRepositoryException.class, () -> segments.read(ONE, 2));
    }

    @Test
    void aChangedSegmentIsDamaged() throws Exception {
        SegmentStore segments = segments();
        Set<BlobName> before = names();
        put(segments, ONE, 1);
        Set<BlobName> after = names();
        after.removeAll(before);
        assertEquals(1, after.size(), "a segment is one blob");
        BlobName blob = after.iterator().next();
        byte[] right = store.bytes(blob);
        for (int i = 0; i < right.length; i += 97) {
            byte[] flipped = right.clone();
            flipped[i] ^= 4;
            damaged(segments, blob, flipped);
        }
        damaged(segments, blob, Arrays.copyOf(right, right.length - 1));
        damaged(segments, blob, Arrays.copyOf(right, right.length + 1));
        damaged(segments, blob, Arrays.copyOf(right, 20));
        damaged(segments, blob, new byte[0]);
    }

    private void damaged(SegmentStore segments, BlobName blob, byte[] bytes) {
        store.damage(blob, bytes);
        assertThrows(DamagedRepositoryException.class, () -> segments.read(ONE, 1));
        assertThrows(DamagedRepositoryException.class, () -> segments.unseal(ONE, 1, bytes));
    }

    @Test
    void segmentsAndSnapshotsKeepOutOfEachOthersWay() throws Exception {
        SnapshotRepository repository = repository(store);
        write(repository, "first", sample(1));
        put(segments(), ONE, 0, 1);
        write(repository, "second", sample(2));
        assertEquals(List.of("first", "second"), committed(repository(store)));
        assertEquals(2, repository(store).list().size(), "SnapshotRepository.list: segments are no remnants");
        assertReads(repository(store), "first", sample(1));
        repository.delete(id("first"));
        assertEquals(List.of(0L, 1L), List.copyOf(segments().list(ONE).keySet()));
    }

    private Set<BlobName> names() {
        Set<BlobName> names = new HashSet<>();
        store.list("").stream().map(BlobInfo::name).forEach(names::add);
        return names;
    }
}
