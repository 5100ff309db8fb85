package dev.cairn.backup.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** The plainest index there is: packs in the order in which they were told of, searched from the first to the last. */
final class IndexModel {

    private static final int IDS = 40;
    private static final int PACKS = 25;

    private final Map<PackId, PackContents> packs = new LinkedHashMap<>();
    Predicate<PackId> avoided = pack -> false;

    void add(List<PackContents> more) {
        List<PackContents> fresh = new ArrayList<>();
        Set<PackId> seen = new HashSet<>(packs.keySet());
        more.forEach(contents -> {
            if (seen.add(contents.pack())) {
                fresh.add(contents);
            }
        });
        fresh.sort(Comparator.comparing(PackContents::pack));
        fresh.forEach(contents -> packs.put(contents.pack(), contents));
    }

    void remove(Predicate<PackId> gone) {
        packs.keySet().removeIf(gone);
    }

    void assertSame(ChunkIndex index) {
        assertEquals(packs.keySet(), index.packs());
        int places = 0;
        for (int i = 0; i < IDS; i++) {
            ChunkId id = chunk(i);
            List<ChunkPlace> all = places(id);
            places += all.size();
            assertEquals(all, index.findAll(id));
            assertEquals(!all.isEmpty(), index.contains(id));
            ChunkPlace any = all.isEmpty() ? null : all.get(0);
            ChunkPlace best = all.stream()
                    .filter(place -> !avoided.test(place.pack()))
                    .findFirst()
                    .orElse(any);
            assertEquals(best, index.find(id));
        }
        assertEquals(places, index.chunks());
        for (int i = 0; i < PACKS; i++) {
            PackContents pack = packs.get(Contents.packId(i));
            assertEquals(
                    pack == null ? OptionalLong.empty() : OptionalLong.of(pack.size()),
                    index.packSize(Contents.packId(i)));
        }
    }

    void assertOrdinals(ChunkIndex compact) {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < IDS; i++) {
            int ordinal = compact.ordinal(chunk(i));
            assertEquals(!places(chunk(i)).isEmpty(), ordinal >= 0);
            assertTrue(ordinal < compact.chunks());
            assertTrue(ordinal < 0 || given.add(ordinal), "an ordinal was given twice");
        }
    }

    private List<ChunkPlace> places(ChunkId id) {
        List<ChunkPlace> found = new ArrayList<>();
        for (PackContents contents : packs.values()) {
            for (Block block : contents.directory().blocks()) {
                int offset = 0;
                for (int i = 0; i < block.chunks().length; i++) {
                    if (block.chunks()[i].equals(id)) {
                        found.add(new ChunkPlace(
                                contents.pack(),
                                block.offset(),
                                block.stored(),
                                block.raw(),
                                block.zstd(),
                                offset,
                                block.lengths()[i]));
                    }
                    offset += block.lengths()[i];
                }
            }
        }
        return found;
    }

    /** One of few ids, in all parts of the range; some share their first word. */
    static ChunkId chunk(int number) {
        return new ChunkId((number / 2) * 0x0ccc_cccc_cccc_cccdL, number, 1, 1);
    }

    static List<PackContents> somePacks(SplittableRandom random) {
        List<PackContents> packs = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            List<List<ChunkId>> blocks = new ArrayList<>();
            int blockCount = random.nextInt(4);
            for (int j = 0; j < blockCount; j++) {
                List<ChunkId> chunks = new ArrayList<>();
                int chunkCount = 1 + random.nextInt(6);
                for (int k = 0; k < chunkCount; k++) {
                    chunks.add(chunk(random.nextInt(IDS)));
                }
                blocks.add(chunks);
            }
            packs.add(Contents.pack(Contents.packId(random.nextInt(PACKS)), blocks));
        }
        return packs;
    }
}
