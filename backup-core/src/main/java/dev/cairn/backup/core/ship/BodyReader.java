package dev.cairn.backup.core.ship;

import dev.cairn.backup.DamagedRepositoryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/** Reads the body of a segment. Whatever does not fit is a {@link DamagedRepositoryException} that names the segment. */
final class BodyReader {

    private final String name;
    private final byte[] bytes;
    private int position;

    BodyReader(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** To be thrown by the caller. */
    DamagedRepositoryException damage(String problem) {
        return new DamagedRepositoryException(name, "is no segment: at byte " + position + " " + problem, null);
    }

    String name() {
        return name;
    }

    byte[] bytes() {
        return bytes;
    }

    int left() {
        return bytes.length - position;
    }

    void end() {
        if (left() > 0) {
            throw damage("there are " + left() + " bytes more than expected");
        }
    }

    int u8() {
        return bytes[skip(1)] & 0xff;
    }

    /** Steps over bytes and says where they begin. */
    int skip(int count) {
        if (count > left()) {
            throw damage("more was expected");
        }
        int start = position;
        position += count;
        return start;
    }

    byte[] raw(int count) {
        int start = skip(count);
        return Arrays.copyOfRange(bytes, start, start + count);
    }

    /** A value of at least 0. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw damage("a number has more than nine bytes");
    }

    /** A value from 0 to {@code max}. */
    int varint(int max, String what) {
        long value = varint();
        if (value > max) {
            throw damage(what + " is " + value + ", at most " + max + " is possible");
        }
        return (int) value;
    }

    long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** Decodes strictly: what is not UTF-8 is damage, never a replacement character. */
    String text(int mostBytes) {
        int count = varint(Math.min(mostBytes, left()), "the length of a text");
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, skip(count), count))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damage("a text is not UTF-8");
        }
    }

    /** A time, its seconds as the difference to another's. */
    Instant time(long afterSecond) {
        long seconds = zigzag();
        int nanos = varint(999_999_999, "a fraction of a second in nanoseconds");
        try {
            return Instant.ofEpochSecond(Math.addExact(afterSecond, seconds), nanos);
        } catch (ArithmeticException | DateTimeException e) {
            throw damage("a time lies beyond all time");
        }
    }
}
