package dev.cairn.backup.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkIndexTest {

    private static final int MILLION = 1_000_000;

    /** Actions come from the numbers: few ids and packs, so that chunks and packs meet again. */
    @Property(tries = 300)
    void theIndexKnowsWhatAMapOfListsKnows(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        IndexModel model = new IndexModel();
        ChunkIndex index = ChunkIndex.empty();
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    int remainder = random.nextInt(3);
                    index = index.without(pack -> pack.hashCode() % 3 == remainder);
                    model.remove(pack -> pack.hashCode() % 3 == remainder);
                }
                case 1 -> index = index.compact();
                case 2 -> {
                    int remainder = random.nextInt(3);
                    index = index.avoiding(pack -> pack.hashCode() % 3 == remainder);
                    model.avoided = pack -> pack.hashCode() % 3 == remainder;
                }
                default -> {
                    List<PackContents> more = IndexModel.somePacks(random);
                    index = index.plus(more);
                    model.add(more);
                }
            }
            model.assertSame(index);
        }
        model.assertSame(index.compact());
        model.assertOrdinals(index.compact());
    }

    @Test
    void idsThatShareTheirBeginningAreToldApart() {
        List<ChunkId> ids = new ArrayList<>();
        List<List<ChunkId>> blocks = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            blocks.add(List.of(new ChunkId(-1, i * 7L, 0, 0), new ChunkId(0, -i * 7L, 0, 0)));
            ids.addAll(blocks.get(i));
        }
        ChunkIndex index = ChunkIndex.empty().plus(List.of(Contents.pack(Contents.packId(1), blocks)));

        for (ChunkId id : ids) {
            assertTrue(index.contains(id));
        }
        assertNull(index.find(new ChunkId(-1, 1, 0, 0)));
        assertNull(index.find(new ChunkId(1, 7, 0, 0)));
        assertNull(index.find(new ChunkId(Long.MIN_VALUE, 0, 0, 0)));
    }

    @Test
    void ofManyPlacesThatWereAddedTogetherTheLowestPackIsFirst() {
        ChunkId shared = Contents.id(77);
        List<PackContents> packs = new ArrayList<>();
        for (int i = 199; i >= 0; i--) {
            packs.add(Contents.pack(Contents.packId(i), List.of(List.of(shared))));
        }
        List<ChunkPlace> places = ChunkIndex.empty().plus(packs).findAll(shared);

        assertEquals(200, places.size());
        for (int i = 0; i < 200; i++) {
            assertEquals(Contents.packId(i), places.get(i).pack());
        }
    }

    @Test
    void anEmptyIndexKnowsNothing() {
        ChunkIndex empty = ChunkIndex.empty();

        assertNull(empty.find(Contents.id(1)));
        assertEquals(List.of(), empty.findAll(Contents.id(1)));
        assertEquals(-1, empty.ordinal(Contents.id(1)));
        assertEquals(0, empty.chunks());
        assertEquals(Set.of(), empty.packs());
        assertSame(empty, empty.compact());
        assertSame(empty, empty.plus(List.of()));
    }

    @Test
    void aPackWithoutChunksIsKnown() {
        PackContents pack = new PackContents(Contents.packId(7), 200, new PackDirectory(List.of()));
        ChunkIndex index = ChunkIndex.empty().plus(List.of(pack));

        assertEquals(Set.of(Contents.packId(7)), index.packs());
        assertEquals(OptionalLong.of(200), index.packSize(Contents.packId(7)));
        assertEquals(Set.of(), index.without(each -> true).packs());
    }

    @Test
    void aPackThatIsToldOfTwiceCountsOnceAndAsItWasFirst() {
        ChunkId chunk = Contents.id(5);
        PackContents pack = Contents.pack(Contents.packId(1), List.of(List.of(chunk)));
        PackContents other = new PackContents(pack.pack(), 1, new PackDirectory(List.of()));
        ChunkIndex index = ChunkIndex.empty().plus(List.of(pack, other));

        assertSame(index, index.plus(List.of(pack)));
        assertEquals(1, index.plus(List.of(other)).findAll(chunk).size());
        assertEquals(OptionalLong.of(pack.size()), index.packSize(pack.pack()));
    }

    @Test
    void ordinalsAreThoseOfACompactIndex() {
        SplittableRandom random = new SplittableRandom(9);
        ChunkIndex index = ChunkIndex.empty()
                .plus(Contents.oneChunkBlocks(random, 8, 8))
                .plus(Contents.oneChunkBlocks(random, 1, 2));

        assertThrows(IllegalStateException.class, () -> index.ordinal(Contents.id(1)));
        assertEquals(-1, index.compact().ordinal(Contents.id(1)));
    }

    /** The worst case: every block has one chunk, as with content of a megabyte a chunk; sixteen of them fill a pack. */
    @Test
    void aMillionChunksTakeAtMostFiftyBytesEach() {
        SplittableRandom random = new SplittableRandom(3);
        ChunkIndex index = ChunkIndex.empty().plus(Contents.oneChunkBlocks(random, MILLION / 16 - 200, 16));
        ChunkId first = new ChunkId(0, 0, 0, 0);
        for (int i = 0; i < 200; i++) {
            List<PackContents> more = Contents.oneChunkBlocks(random, 1, 16);
            index = index.plus(more);
            first = more.get(0).directory().blocks().get(0).chunks()[0];
        }

        assertEquals(MILLION, index.chunks());
        assertTrue(index.heapBytes() <= 50L * MILLION, "bytes: " + index.heapBytes());
        assertTrue(index.compact().heapBytes() <= 50L * MILLION);
        assertEquals(Contents.length(first), index.find(first).length());
        assertEquals(ArrayBytes.below(index), index.heapBytes(), "the figure is that of the arrays");
    }

    @Test
    void manySmallAdditionsMoveEachPlaceFewTimes() {
        SplittableRandom random = new SplittableRandom(4);
        ChunkIndex index = ChunkIndex.empty();
        long moved = 0;
        Set<Object> before = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            index = index.plus(Contents.oneChunkBlocks(random, 1, 20));
            for (Run run : index.runs()) {
                moved += before.contains(run) ? 0 : run.size();
            }
            before = new HashSet<>(List.of(index.runs()));
        }

        // 40 000 places in 2000 additions: 5.5 levels of four, each place moved less than four times a level.
        assertTrue(moved < 22L * 40_000, "places moved: " + moved);
        assertTrue(index.runs().length <= 8, "runs: " + index.runs().length);
    }

    @Test
    void anIndexDoesNotChangeWhenOthersAreMadeOfIt() {
        SplittableRandom random = new SplittableRandom(5);
        List<PackContents> packs = Contents.oneChunkBlocks(random, 4, 4);
        ChunkIndex index = ChunkIndex.empty().plus(packs);
        index.plus(Contents.oneChunkBlocks(random, 4, 4));
        PackId gone = packs.get(0).pack();

        assertEquals(12, index.without(gone::equals).chunks());
        assertEquals(16, index.chunks());
        assertSame(
                gone,
                index.find(packs.get(0).directory().blocks().get(0).chunks()[0]).pack());
    }
}
