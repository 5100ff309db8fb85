package dev.cairn.backup.sqlite.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SQLite's checksum of its log: two running sums over pairs of 32-bit words, in the byte order that the log's magic number tells
 * (https://www.sqlite.org/fileformat2.html#checksum_algorithm). Both sums travel as one number, the first in the upper half.
 */
final class WalChecksum {

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private WalChecksum() {}

    /**
     * Goes on with a checksum.
     *
     * @param before the sums so far, 0 at the header
     * @param length a multiple of 8
     */
    static long over(boolean bigEndian, byte[] data, int offset, int length, long before) {
        // Two loops, so that the order is not asked for each word: 1 GB/s instead of a third of it.
        return bigEndian ? big(data, offset, length, before) : little(data, offset, length, before);
    }

    private static long big(byte[] data, int offset, int length, long before) {
        int first = (int) (before >>> 32);
        int second = (int) before;
        for (int at = offset; at < offset + length; at += 8) {
            first += (int) BIG.get(data, at) + second;
            second += (int) BIG.get(data, at + 4) + first;
        }
        return pair(first, second);
    }

    private static long little(byte[] data, int offset, int length, long before) {
        int first = (int) (before >>> 32);
        int second = (int) before;
        for (int at = offset; at < offset + length; at += 8) {
            first += (int) LITTLE.get(data, at) + second;
            second += (int) LITTLE.get(data, at + 4) + first;
        }
        return pair(first, second);
    }

    /** Checksums are stored big-endian, whatever order they were computed in. */
    static long stored(byte[] data, int offset) {
        return pair((int) BIG.get(data, offset), (int) BIG.get(data, offset + 4));
    }

    /** A big-endian word. */
    static int word(byte[] data, int offset) {
        return (int) BIG.get(data, offset);
    }

    private static long pair(int first, int second) {
        return ((long) first << 32) | (second & 0xffffffffL);
    }
}
