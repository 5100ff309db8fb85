package dev.cairn.backup.core.index;

import dev.cairn.backup.core.chunk.ChunkId;

/**
 * Places of chunks as primitive arrays, filled once from the front. A place takes {@link #BYTES}.
 *
 * <p>Only the first 16 bytes of an id are kept: ids are HMAC output, so that among 2^32 chunks two with equal 128 bits occur with a
 * probability of about 2^-65, and what is read is checked against the whole id.
 */
final class Places {

    /** Heap bytes of a place. */
    static final int BYTES = 8 + 8 + 4 + 4 + 4;

    final long[] high;
    final long[] low;
    final int[] block;
    final int[] offset;
    final int[] length;
    private int filled;

    Places(int size) {
        high = new long[size];
        low = new long[size];
        block = new int[size];
        offset = new int[size];
        length = new int[size];
    }

    int size() {
        return high.length;
    }

    void add(ChunkId id, int inBlock, int at, int bytes) {
        high[filled] = id.a();
        low[filled] = id.b();
        block[filled] = inBlock;
        offset[filled] = at;
        length[filled++] = bytes;
    }

    void add(Places source, int from, int inBlock) {
        high[filled] = source.high[from];
        low[filled] = source.low[from];
        block[filled] = inBlock;
        offset[filled] = source.offset[from];
        length[filled++] = source.length[from];
    }

    /** The order of the ids of two places, unsigned. */
    static int compare(Places left, int l, Places right, int r) {
        int order = Long.compareUnsigned(left.high[l], right.high[r]);
        return order != 0 ? order : Long.compareUnsigned(left.low[l], right.low[r]);
    }
}
