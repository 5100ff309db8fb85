package dev.cairn.backup.core.chunk;

import dev.cairn.backup.InvalidValueException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The platform's HMAC-SHA-256 under one of the repository's keys for chunks. */
final class KeyedMac {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private KeyedMac() {}

    /**
     * @param what the key's name for messages
     * @param key 32 bytes; copied
     * @throws InvalidValueException if it has another length
     */
    static Mac of(String what, byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new InvalidValueException("length of " + what, key.length, "32 bytes");
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }
}
