package dev.cairn.backup.core.listing;

import dev.cairn.backup.core.chunk.ChunkId;
import java.util.Arrays;

/** A growing buffer that is used again and again, with the conventions of the format. */
final class ByteWriter {

    private static final int MAX_VARINT = 10;

    private byte[] bytes = new byte[1 << 12];
    private int length;

    /** Valid up to {@link #length}, until the next write. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void u8(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    /** A value of at least 0. */
    void varint(long value) {
        ensure(MAX_VARINT);
        long rest = value;
        while (rest >= 0x80) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A value between -2^62 and 2^62 - 1. */
    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void raw(byte[] from, int offset, int count) {
        ensure(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    void text(byte[] utf8, int offset, int count) {
        varint(count);
        raw(utf8, offset, count);
    }

    void chunk(ChunkId id) {
        ensure(ChunkId.BYTES);
        id.write(bytes, length);
        length += ChunkId.BYTES;
    }

    private void ensure(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
        }
    }
}
