package dev.cairn.backup.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Key material that is the same in every run. Public knowledge: never for real data. */
public final class FixedKeys {

    private FixedKeys() {}

    /** A 32-byte secret, the same for the same label and different for different ones. A new array at every call. */
    public static byte[] secret(String label) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("cairn testkit key: " + label).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
