package dev.cairn.backup.core.chunk;

import dev.cairn.backup.InvalidValueException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The id of a chunk: the HMAC-SHA-256 of its plaintext under the repository's key, as four big-endian words. Ids are ordered as their
 * bytes are, unsigned.
 *
 * @param a bytes 0 to 7
 * @param b bytes 8 to 15
 * @param c bytes 16 to 23
 * @param d bytes 24 to 31
 */
public record ChunkId(long a, long b, long c, long d) implements Comparable<ChunkId> {

    /** Bytes of an id. */
    public static final int BYTES = 32;

    /** Reads the id that begins at {@code off}; {@code from} must have {@link #BYTES} bytes there. */
    public static ChunkId read(byte[] from, int off) {
        // A ByteBuffer is as fast as a view handle here and costs a cold JVM nothing to set up.
        ByteBuffer words = ByteBuffer.wrap(from);
        return new ChunkId(
                words.getLong(off), words.getLong(off + 8), words.getLong(off + 16), words.getLong(off + 24));
    }

    /** Writes {@link #BYTES} bytes from {@code off} on. */
    public void write(byte[] to, int off) {
        ByteBuffer words = ByteBuffer.wrap(to);
        words.putLong(off, a);
        words.putLong(off + 8, b);
        words.putLong(off + 16, c);
        words.putLong(off + 24, d);
    }

    /** The id in 64 lower-case hexadecimal digits. */
    public String hex() {
        byte[] bytes = new byte[BYTES];
        write(bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * @param hex 64 lower-case hexadecimal digits
     * @throws InvalidValueException if it is anything else
     */
    public static ChunkId ofHex(String hex) {
        boolean valid = hex.length() == 2 * BYTES;
        for (int i = 0; valid && i < hex.length(); i++) {
            char digit = hex.charAt(i);
            valid = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        }
        if (!valid) {
            throw new InvalidValueException("chunk id", hex, "64 lower-case hexadecimal digits");
        }
        return read(HexFormat.of().parseHex(hex), 0);
    }

    @Override
    public int compareTo(ChunkId other) {
        int order = Long.compareUnsigned(a, other.a);
        order = order != 0 ? order : Long.compareUnsigned(b, other.b);
        order = order != 0 ? order : Long.compareUnsigned(c, other.c);
        return order != 0 ? order : Long.compareUnsigned(d, other.d);
    }

    /** The first word: it is HMAC output, so nothing needs mixing. */
    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    @Override
    public String toString() {
        return hex();
    }
}
