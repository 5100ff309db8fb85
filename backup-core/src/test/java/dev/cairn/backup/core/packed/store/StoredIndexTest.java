package dev.cairn.backup.core.packed.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.IndexSegments.Segment;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a process that only writes remembers of the index. */
class StoredIndexTest {

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final Containers containers = new Containers(new byte[16], RepositorySecrets.random());
    private final StoredIndex index = new StoredIndex(blobs, containers);

    private static PackContents pack(int number) {
        ChunkId id = new ChunkId(number, number, number, number);
        Block block = new Block(0, 10, 10, false, new ChunkId[] {id}, new int[] {10});
        return new PackContents(new PackId("%064x".formatted(number)), 3, new PackDirectory(List.of(block)));
    }

    private PackContents stored(int number) {
        PackContents pack = pack(number);
        blobs.putIfAbsent(pack.pack().blob(), BlobContent.of(new byte[3]));
        return pack;
    }

    /** Another process sweeps: this one would otherwise remember each pack that ever was. */
    @Test
    void packsThatAnotherProcessRemovedAreForgottenByWhoeverOnlyWrites() {
        index.put(List.of(stored(1), stored(2)));
        assertEquals(2, index.forWriter().readable().packs().size());
        blobs.deleteAll(
                blobs.list(Layout.INDEX).stream().map(blob -> blob.name()).toList());
        new StoredIndex(blobs, containers).put(List.of(pack(2)));
        blobs.delete(pack(1).pack().blob());
        assertEquals(Set.of(pack(2).pack()), index.forWriter().readable().packs());
    }

    @Test
    void whatIsMergedAtOnceIsBounded() {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            segments.add(new Segment("%064x".formatted(i), 500_000, List.of()));
        }
        List<List<Segment>> groups = SegmentMerging.groups(segments);
        assertEquals(2_000, groups.stream().mapToInt(List::size).sum());
        assertTrue(groups.stream().allMatch(group -> group.size() <= 16));
    }
}
