package dev.cairn.backup.core.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The primitives of suite 1, as this JDK provides them. */
public final class Algorithms {

    private Algorithms() {}

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw missing("SHA-256", e);
        }
    }

    /** A new HMAC-SHA-256 under a key of at least one byte. */
    public static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw missing("HMAC-SHA-256", e);
        }
    }

    /** A new AES-GCM without padding, not initialised. */
    public static Cipher aesGcm() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw missing("AES-GCM", e);
        }
    }

    private static IllegalStateException missing(String algorithm, GeneralSecurityException e) {
        return new IllegalStateException("this JDK's providers have no usable " + algorithm, e);
    }
}
