package dev.cairn.backup.core.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secrets of one epoch of a repository and the keys that follow from them. Immutable and thread-safe; every array it takes or gives is a copy.
 * Its {@code toString} shows nothing.
 */
public final class RepositorySecrets {

    /** Number of bytes of the master secret, and of the dedup secret. */
    public static final int BYTES = 32;

    private final int epoch;
    private final byte[] master;
    private final byte[] dedup;
    private final byte[] objectKey;
    private final byte[] saltKey;

    /**
     * @param epoch the epoch, a u32
     * @param master 32 bytes, of that epoch
     * @param dedup 32 bytes, the same in every epoch
     */
    public RepositorySecrets(int epoch, byte[] master, byte[] dedup) {
        this.epoch = epoch;
        this.master = checked("master", master);
        this.dedup = checked("dedup", dedup);
        this.objectKey = derived(master, "cairn 1 object");
        this.saltKey = derived(master, "cairn 1 salt");
    }

    /** New secrets of epoch 1. */
    public static RepositorySecrets random() {
        byte[] both = new byte[2 * BYTES];
        new SecureRandom().nextBytes(both);
        return of(1, both);
    }

    /**
     * What {@link #joined} gave.
     *
     * @param joined 64 bytes
     */
    public static RepositorySecrets of(int epoch, byte[] joined) {
        if (joined.length != 2 * BYTES) {
            throw new IllegalArgumentException("the secrets have " + joined.length + " bytes, not " + 2 * BYTES);
        }
        return new RepositorySecrets(epoch, Arrays.copyOf(joined, BYTES), Arrays.copyOfRange(joined, BYTES, 2 * BYTES));
    }

    /** The epoch. */
    public int epoch() {
        return epoch;
    }

    /** Both secrets, master first: what a key slot wraps. */
    public byte[] joined() {
        byte[] both = Arrays.copyOf(master, 2 * BYTES);
        System.arraycopy(dedup, 0, both, BYTES, BYTES);
        return both;
    }

    /** The key of chunk ids. */
    public byte[] chunkIdKey() {
        return derived(dedup, "cairn 1 chunk id");
    }

    /** The key of the gear table. */
    public byte[] gearKey() {
        return derived(dedup, "cairn 1 gear");
    }

    /** K_obj; not copied, so it stays in this room. */
    byte[] objectKey() {
        return objectKey;
    }

    /** K_salt; not copied, so it stays in this room. */
    byte[] saltKey() {
        return saltKey;
    }

    private static byte[] checked(String which, byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException(
                    "the " + which + " secret has " + secret.length + " bytes, not " + BYTES);
        }
        return secret.clone();
    }

    private static byte[] derived(byte[] secret, String info) {
        return Hkdf.derive(secret, info.getBytes(StandardCharsets.US_ASCII), BYTES);
    }
}
