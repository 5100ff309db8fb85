package dev.cairn.backup.core.browse;

import dev.cairn.backup.ConfigurationException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;

/** Message digests of the JDK's providers, by the names that people use. */
final class Digests {

    private Digests() {}

    /**
     * The name as the JDK knows it, for names such as {@code sha256}, {@code SHA-512} or {@code sha3-256}.
     *
     * @throws ConfigurationException if no provider has it
     */
    static String canonicalName(String algorithm) {
        String upper = algorithm.toUpperCase(Locale.ROOT);
        for (String candidate : List.of(upper.replaceFirst("^SHA(?=[0-9]{3}$)", "SHA-"), upper)) {
            try {
                return MessageDigest.getInstance(candidate).getAlgorithm();
            } catch (NoSuchAlgorithmException e) {
                // The next spelling, if there is one.
            }
        }
        throw new ConfigurationException(
                "The checksum algorithm '" + algorithm + "' is unknown to this JDK",
                "Allowed is what its providers name, such as SHA-256 (the default), SHA-512 or SHA3-256");
    }

    /** A new digest of a name that {@link #canonicalName} gave. */
    static MessageDigest of(String canonicalName) {
        try {
            return MessageDigest.getInstance(canonicalName);
        } catch (NoSuchAlgorithmException e) {
            throw new ConfigurationException(
                    "The checksum algorithm '" + canonicalName + "' is unknown to this JDK",
                    "Use a JDK whose providers have it");
        }
    }

    /** The SHA-256 of the bytes. */
    static byte[] sha256(byte[] bytes) {
        return of("SHA-256").digest(bytes);
    }
}
