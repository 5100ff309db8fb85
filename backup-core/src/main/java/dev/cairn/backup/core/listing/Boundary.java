package dev.cairn.backup.core.listing;

import java.nio.ByteBuffer;

/**
 * Where leaves and nodes begin. An item begins a new one if the hash of its path says so, with odds in proportion to its bytes, so that they
 * have 64 KiB in the mean whether the items are small or large. As nothing else than the item itself decides, a change elsewhere moves no
 * boundary: two listings share all leaves but those that hold the differences. Only the upper limit of 1 MiB, met once in e^16 times, depends on
 * what came before.
 */
final class Boundary {

    /** No more is put into one leaf or node, unless a single item has more. */
    static final int MAX_BYTES = 1 << 20;

    /** 64 KiB: the hash is compared with the weight in units of 1 / 65536. */
    private static final int MEAN_BITS = 16;

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private Boundary() {}

    /** Whether the item of this path and about this many bytes begins a new leaf (level 0) or node. Every level decides by itself. */
    static boolean begins(byte[] path, int level, long weight) {
        return hash(path, level) >>> (Long.SIZE - MEAN_BITS) < weight;
    }

    /** Eight bytes at a time, as a path is hashed for each entry; what is left over, then the length, come last. */
    private static long hash(byte[] path, int level) {
        long hash = level * MULTIPLIER;
        ByteBuffer words = ByteBuffer.wrap(path);
        int i = 0;
        for (; i + Long.BYTES <= path.length; i += Long.BYTES) {
            hash = mix(hash ^ words.getLong(i));
        }
        long tail = 0;
        for (; i < path.length; i++) {
            tail = tail << Byte.SIZE | path[i] & 0xff;
        }
        return mix(mix(hash ^ tail) ^ path.length);
    }

    /** The finisher of SplitMix64 (Steele, Lea, Flood 2014) in short. */
    private static long mix(long value) {
        long v = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        v = (v ^ v >>> 27) * 0x94D0_49BB_1331_11EBL;
        return v ^ v >>> 31;
    }
}
