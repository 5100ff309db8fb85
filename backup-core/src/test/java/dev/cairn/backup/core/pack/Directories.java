package dev.cairn.backup.core.pack;

import dev.cairn.backup.core.chunk.ChunkId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Directories for tests. */
public final class Directories {

    private Directories() {}

    /** One with up to {@code blocks} blocks of up to {@code chunks} chunks. */
    public static PackDirectory random(SplittableRandom random, int blocks, int chunks) {
        List<Block> made = new ArrayList<>();
        int offset = 0;
        int count = random.nextInt(blocks + 1);
        for (int i = 0; i < count; i++) {
            int[] lengths = new int[1 + random.nextInt(chunks)];
            ChunkId[] ids = new ChunkId[lengths.length];
            int raw = 0;
            for (int j = 0; j < lengths.length; j++) {
                lengths[j] = 1 + random.nextInt(10_000);
                raw += lengths[j];
                ids[j] = new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            }
            boolean zstd = random.nextBoolean();
            Block block = new Block(offset, zstd ? 1 + random.nextInt(raw) : raw, raw, zstd, ids, lengths);
            made.add(block);
            offset += block.stored();
        }
        return new PackDirectory(made);
    }
}
