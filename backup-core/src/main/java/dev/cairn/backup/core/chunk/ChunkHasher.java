package dev.cairn.backup.core.chunk;

import dev.cairn.backup.InvalidValueException;
import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * Gives chunks their ids: HMAC-SHA-256 under the key for ids. For one thread at a time.
 *
 * <p>It is the platform's {@link Mac}. Keeping the two keyed states of SHA-256 and cloning them for each chunk was measured on JDK 17 and
 * is slower: 1.35 against 0.39 µs for 64 bytes, 3.6 against 2.6 µs for 4 KiB, 0.58 ms both for 1 MiB.
 */
public final class ChunkHasher {

    /** Bytes of a page hash. */
    public static final int PAGE_HASH_BYTES = 16;

    private static final byte[] PAGE = "page".getBytes(StandardCharsets.US_ASCII);

    private final Mac mac;
    private final byte[] hash = new byte[ChunkId.BYTES];

    /**
     * @param key K_id of the format, 32 bytes; copied
     * @throws InvalidValueException if it has another length
     */
    public ChunkHasher(byte[] key) {
        this.mac = KeyedMac.of("the key for chunk ids", key);
    }

    /** The id of the {@code len} bytes from {@code off} on. */
    public ChunkId id(byte[] b, int off, int len) {
        mac.update(b, off, len);
        finish();
        return ChunkId.read(hash, 0);
    }

    /** The first {@link #PAGE_HASH_BYTES} bytes of the HMAC of {@code "page"} and the given bytes. */
    public byte[] pageHash16(byte[] b, int off, int len) {
        byte[] out = new byte[PAGE_HASH_BYTES];
        pageHash16(b, off, len, out, 0);
        return out;
    }

    /** As {@link #pageHash16(byte[], int, int)}, written to {@code into} from {@code at} on. */
    public void pageHash16(byte[] b, int off, int len, byte[] into, int at) {
        mac.update(PAGE);
        mac.update(b, off, len);
        finish();
        System.arraycopy(hash, 0, into, at, PAGE_HASH_BYTES);
    }

    private void finish() {
        try {
            mac.doFinal(hash, 0);
        } catch (ShortBufferException e) {
            throw new AssertionError("HMAC-SHA-256 has 32 bytes", e);
        }
    }
}
