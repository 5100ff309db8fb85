package dev.cairn.backup.core.listing;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the bytes of one chunk of a listing. Whatever does not fit is a {@link DamagedRepositoryException} that names the listing and the chunk. */
final class ByteReader {

    private final String what;
    private final ChunkId id;
    private final byte[] bytes;
    private int position;

    ByteReader(String what, ChunkId id, byte[] bytes) {
        this.what = what;
        this.id = id;
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return position;
    }

    boolean hasMore() {
        return position < bytes.length;
    }

    /** To be thrown by the caller. */
    DamagedRepositoryException damage(String problem) {
        return new DamagedRepositoryException(
                what, "has the listing chunk " + id.hex() + ", in which at byte " + position + " " + problem, null);
    }

    int u8() {
        if (position == bytes.length) {
            throw damage("more was expected");
        }
        return bytes[position++] & 0xff;
    }

    /** A value of at least 0. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            if (shift == 63 && b != 0) {
                throw damage("a number is greater than 2^63 - 1");
            }
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw damage("a number has more than ten bytes");
    }

    /** A value from 0 to {@code max}. */
    int varint(int max, String name) {
        long value = varint();
        if (value > max) {
            throw damage(name + " is " + value + ", at most " + max + " is possible");
        }
        return (int) value;
    }

    long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** Steps over bytes and says where they begin. */
    int skip(int count) {
        if (count > bytes.length - position) {
            throw damage("more was expected");
        }
        int start = position;
        position += count;
        return start;
    }

    ChunkId chunk() {
        return ChunkId.read(bytes, skip(ChunkId.BYTES));
    }

    String text() {
        int count = varint(bytes.length - position, "the length of a text");
        return utf8(bytes, skip(count), count);
    }

    /** Decodes strictly: what is not UTF-8 is damage, never a replacement character. */
    String utf8(byte[] from, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (from[i] < 0) {
                return beyondAscii(from, offset, count);
            }
        }
        return new String(from, offset, count, StandardCharsets.ISO_8859_1);
    }

    private String beyondAscii(byte[] from, int offset, int count) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(from, offset, count))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damage("a text is not UTF-8");
        }
    }
}
