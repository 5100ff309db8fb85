package dev.cairn.backup.core.crypto;

import java.util.Arrays;
import javax.crypto.Mac;

/** HKDF-SHA-256 of RFC 5869, which the JDK has from 25 on only. */
public final class Hkdf {

    private static final int HASH = 32;
    private static final int MOST = 255 * HASH;

    private Hkdf() {}

    /**
     * Derives key material with an empty salt.
     *
     * @param length 1 to 8160 bytes
     */
    public static byte[] derive(byte[] ikm, byte[] info, int length) {
        // RFC 5869, 2.2: no salt is a salt of 32 zeros.
        return derive(new byte[HASH], ikm, info, length);
    }

    static byte[] derive(byte[] salt, byte[] ikm, byte[] info, int length) {
        if (length < 1 || length > MOST) {
            throw new IllegalArgumentException("length is " + length + ", allowed is 1 to " + MOST);
        }
        Mac mac = Algorithms.hmac(
                Algorithms.hmac(salt.length == 0 ? new byte[HASH] : salt).doFinal(ikm));
        byte[] okm = new byte[length];
        byte[] block = {};
        for (int done = 0, i = 1; done < length; done += HASH, i++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) i);
            block = mac.doFinal();
            System.arraycopy(block, 0, okm, done, Math.min(HASH, length - done));
        }
        Arrays.fill(block, (byte) 0);
        return okm;
    }
}
