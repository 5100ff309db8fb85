package dev.cairn.backup.core.index;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** Packs for tests. */
final class Contents {

    private Contents() {}

    static ChunkId id(long word) {
        return new ChunkId(word, ~word, 0, 0);
    }

    static PackId packId(long number) {
        return new PackId("%064x".formatted(number));
    }

    static PackId randomPackId(SplittableRandom random) {
        byte[] hash = new byte[PackId.BYTES];
        random.nextBytes(hash);
        return new PackId(HexFormat.of().formatHex(hash));
    }

    static ChunkId randomId(SplittableRandom random) {
        return new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** A pack with a block for each list of chunks; a chunk's length and its block's codec follow from its id. */
    static PackContents pack(PackId pack, List<List<ChunkId>> blocks) {
        List<Block> made = new ArrayList<>();
        int offset = 0;
        for (List<ChunkId> chunks : blocks) {
            int[] lengths = chunks.stream().mapToInt(Contents::length).toArray();
            int raw = 0;
            for (int length : lengths) {
                raw += length;
            }
            boolean zstd = raw > 1 && (raw & 1) == 0;
            made.add(new Block(offset, zstd ? raw / 2 : raw, raw, zstd, chunks.toArray(new ChunkId[0]), lengths));
            offset += zstd ? raw / 2 : raw;
        }
        return new PackContents(pack, offset + 1000L, new PackDirectory(made));
    }

    static int length(ChunkId id) {
        return 1 + Math.floorMod(id.a() ^ id.b() >> 7, 5000);
    }

    /** Packs of new chunks, each chunk in a block of its own. */
    static List<PackContents> oneChunkBlocks(SplittableRandom random, int packs, int blocks) {
        List<PackContents> made = new ArrayList<>();
        for (int i = 0; i < packs; i++) {
            List<List<ChunkId>> chunks = new ArrayList<>();
            for (int j = 0; j < blocks; j++) {
                chunks.add(List.of(randomId(random)));
            }
            made.add(pack(randomPackId(random), chunks));
        }
        return made;
    }
}
