package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.core.chunk.ChunkId;

/**
 * The chunks that one writer has stored anew: a hash set of the first 128 bits of their ids, 16 to 32 bytes a chunk. Ids are outputs of HMAC-SHA-256, so that 2^32 of them meet in
 * 128 bits with a probability of about 2^-65. Thread-safe.
 */
final class FreshChunks {

    private long[] table = new long[2 << 10];
    private int size;

    /** Adds a chunk; false if it was there. */
    synchronized boolean add(ChunkId id) {
        if (size * 4L >= table.length) {
            grow();
        }
        return insert(table, id.a(), id.b());
    }

    /** Whether it was added. */
    synchronized boolean contains(ChunkId id) {
        int slot = slot(table, id.a(), id.b());
        return table[slot] != 0 || table[slot + 1] != 0;
    }

    private boolean insert(long[] into, long a, long b) {
        int slot = slot(into, a, b);
        if (into[slot] != 0 || into[slot + 1] != 0) {
            return false;
        }
        into[slot] = a;
        into[slot + 1] = b;
        size++;
        return true;
    }

    /** Where it is or would be; an id of 128 zero bits, which never comes, would never be found. */
    private static int slot(long[] table, long a, long b) {
        int mask = table.length / 2 - 1;
        for (int i = (int) a & mask; ; i = (i + 1) & mask) {
            long first = table[2 * i];
            long second = table[2 * i + 1];
            if ((first == 0 && second == 0) || (first == a && second == b)) {
                return 2 * i;
            }
        }
    }

    private void grow() {
        long[] before = table;
        table = new long[before.length * 2];
        size = 0;
        for (int i = 0; i < before.length; i += 2) {
            if (before[i] != 0 || before[i + 1] != 0) {
                insert(table, before[i], before[i + 1]);
            }
        }
    }
}
