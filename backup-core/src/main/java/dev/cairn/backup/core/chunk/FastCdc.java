package dev.cairn.backup.core.chunk;

import dev.cairn.backup.InvalidValueException;
import java.nio.ByteBuffer;
import javax.crypto.Mac;

/**
 * Cuts content where its bytes say so, so that equal parts of different files and versions become equal chunks: FastCDC (Xia et al.,
 * 2016) with normalised chunking level 2 and a 64-bit gear fingerprint. Thread-safe, immutable.
 *
 * <p>The gear table comes from a secret, so that the lengths of chunks tell nobody which known files are stored.
 *
 * <p>The loop is as plain as it can be on purpose: 2.6 GB/s on random data with JDK 17 (1.1 in the first 64 MiB of a cold JVM). Two bytes
 * a round with a second table of shifted values (1.6 GB/s) and a table of a length that the compiler knows (2.2 GB/s) are slower.
 */
public final class FastCdc {

    /** No chunk but the last of a content is shorter: 512 KiB. */
    public static final int MIN = 512 << 10;

    /** Where the mask becomes easier to meet: 1 MiB. */
    public static final int AVERAGE = 1 << 20;

    /** No chunk is longer: 8 MiB. */
    public static final int MAX = 8 << 20;

    private static final int TABLE = 256;
    private static final long MASK_SMALL = -1L << (64 - 22);
    private static final long MASK_LARGE = -1L << (64 - 18);

    private final long[] gear;

    private FastCdc(long[] gear) {
        this.gear = gear;
    }

    /**
     * @param gearKey K_gear of the format, 32 bytes
     * @throws InvalidValueException if it has another length
     */
    public static FastCdc of(byte[] gearKey) {
        return new FastCdc(gear(gearKey));
    }

    static long[] gear(byte[] gearKey) {
        Mac mac = KeyedMac.of("the key for the gear table", gearKey);
        long[] gear = new long[TABLE];
        for (int i = 0; i < TABLE; i++) {
            gear[i] = ByteBuffer.wrap(mac.doFinal(new byte[] {(byte) i})).getLong();
        }
        return gear;
    }

    /**
     * The length of the chunk that begins at {@code off}. It depends on the content alone, never on how much of it is available at a
     * time. Each call looks at all bytes again, so give it as much as there is room for; with {@link #MAX} bytes it always decides.
     *
     * @param b holds the content
     * @param off the first byte of the chunk
     * @param available how many bytes of the content there are from {@code off} on
     * @param end whether the content ends with them
     * @return the length, at most {@link #MAX}; or 0 if more bytes are needed to decide, or if there are none and the content has ended
     */
    public int cut(byte[] b, int off, int available, boolean end) {
        int most = Math.min(available, MAX);
        if (most > MIN) {
            long fingerprint = 0;
            long[] table = gear;
            int stop = off + Math.min(most, AVERAGE);
            int i = off + MIN;
            for (; i < stop; i++) {
                fingerprint = (fingerprint << 1) + table[b[i] & 0xff];
                if ((fingerprint & MASK_SMALL) == 0) {
                    return i + 1 - off;
                }
            }
            stop = off + most;
            for (; i < stop; i++) {
                fingerprint = (fingerprint << 1) + table[b[i] & 0xff];
                if ((fingerprint & MASK_LARGE) == 0) {
                    return i + 1 - off;
                }
            }
        }
        return end || most == MAX ? most : 0;
    }
}
