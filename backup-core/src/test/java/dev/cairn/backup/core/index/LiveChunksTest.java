package dev.cairn.backup.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.LiveChunks.Marking;
import dev.cairn.backup.core.index.LiveChunks.PackUse;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LiveChunksTest {

    private static final ChunkId A = Contents.id(0x1000_0000_0000_0000L);
    private static final ChunkId B = Contents.id(0x2000_0000_0000_0000L);
    private static final ChunkId C = Contents.id(0xf000_0000_0000_0000L);

    @Test
    void aChunkIsMarkedOnceAndAnUnknownOneIsToldApart() {
        LiveChunks live = new LiveChunks(ChunkIndex.empty()
                .plus(List.of(Contents.pack(Contents.packId(1), List.of(List.of(A, B))))));

        assertEquals(Marking.FIRST, live.mark(A));
        assertEquals(Marking.AGAIN, live.mark(A));
        assertEquals(Marking.UNKNOWN, live.mark(C));
        assertTrue(live.isLive(A));
        assertFalse(live.isLive(B));
        assertFalse(live.isLive(C));
        assertEquals(1, live.marked());
        int dead = Contents.length(B);
        assertEquals(
                List.of(new PackUse(Contents.packId(1), live.packs().get(0).size(), Contents.length(A), dead)),
                live.packs());
    }

    @Test
    void nothingIsKnownOfAnEmptyIndex() {
        LiveChunks live = new LiveChunks(ChunkIndex.empty());

        assertEquals(Marking.UNKNOWN, live.mark(A));
        assertFalse(live.isLive(A));
        assertEquals(List.of(), live.packs());
    }

    @Test
    void aChunkInTwoPacksCountsInTheOneThatIsNotAvoided() {
        PackId old = Contents.packId(1);
        ChunkIndex index = ChunkIndex.empty()
                .plus(List.of(Contents.pack(old, List.of(List.of(A, B)))))
                .plus(List.of(Contents.pack(Contents.packId(2), List.of(List.of(A)))));

        assertEquals(List.of(Contents.length(A) + 0L, 0L), live(index, A));
        assertEquals(List.of(0L, Contents.length(A) + 0L), live(index.avoiding(old::equals), A));
        assertEquals(List.of(Contents.length(B) + 0L, 0L), live(index.avoiding(old::equals), B));
    }

    private static List<Long> live(ChunkIndex index, ChunkId marked) {
        LiveChunks live = new LiveChunks(index);
        live.mark(marked);
        return live.packs().stream().map(PackUse::live).toList();
    }

    @Property(tries = 200)
    void liveAndDeadBytesAreThoseOfTheMarkedPlacesAndOfAllOthers(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ChunkIndex index = ChunkIndex.empty();
        List<PackContents> packs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            for (PackContents contents : IndexModel.somePacks(random)) {
                if (index.packSize(contents.pack()).isEmpty()) {
                    index = index.plus(List.of(contents));
                    packs.add(contents);
                }
            }
        }
        index = index.avoiding(pack -> pack.hashCode() % 3 == 0);
        LiveChunks live = new LiveChunks(index);
        Set<ChunkId> marked = new HashSet<>();
        Map<PackId, Long> bytes = new HashMap<>();
        for (int i = 0; i < 30; i++) {
            ChunkId id = IndexModel.chunk(random.nextInt(40));
            ChunkPlace place = index.find(id);
            Marking expected = place == null ? Marking.UNKNOWN : marked.add(id) ? Marking.FIRST : Marking.AGAIN;
            assertEquals(expected, live.mark(id));
            if (expected == Marking.FIRST) {
                bytes.merge(place.pack(), (long) place.length(), Long::sum);
            }
        }

        assertEquals(marked.size(), live.marked());
        Map<PackId, PackUse> uses = new HashMap<>();
        live.packs().forEach(use -> uses.put(use.pack(), use));
        assertEquals(packs.size(), uses.size());
        for (PackContents contents : packs) {
            PackUse use = uses.get(contents.pack());
            long raw =
                    contents.directory().blocks().stream().mapToLong(Block::raw).sum();
            assertEquals(bytes.getOrDefault(contents.pack(), 0L), use.live());
            assertEquals(raw, use.live() + use.dead());
            assertEquals(contents.size(), use.size());
            assertEquals(bytes.containsKey(contents.pack()), use.isUsed());
        }
    }
}
