package dev.cairn.backup.core.ship;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes the body of a segment with the conventions of the format: {@code docs/repository-format.md}. */
final class BodyWriter {

    private final ByteArrayOutputStream bytes;

    BodyWriter(int expected) {
        this.bytes = new ByteArrayOutputStream(expected);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    void u8(int value) {
        bytes.write(value);
    }

    void raw(byte[] from, int length) {
        bytes.write(from, 0, length);
    }

    /** A value of at least 0. */
    void varint(long value) {
        long rest = value;
        while (rest >= 0x80) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    /** A value between -2^62 and 2^62 - 1. */
    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        raw(utf8, utf8.length);
    }

    /** A time, its seconds as the difference to another's. */
    void time(Instant time, long afterSecond) {
        zigzag(time.getEpochSecond() - afterSecond);
        varint(time.getNano());
    }
}
