package dev.cairn.backup.spi;

import dev.cairn.backup.InvalidValueException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whoever holds what opens a repository: a file, a variable of the environment, a vault. Thread-safe. Secrets never appear in {@link #describe} nor in a
 * message of an exception.
 */
public sealed interface KeyProvider permits KeyProvider.Secret, KeyProvider.Vault {

    /** What kind of holder this is, 1 to 32 characters of {@code a-z 0-9 -}, such as {@code key-file}. */
    String type();

    /** A short description for messages, without secrets. */
    String describe();

    /** Where the key lies, if that is a place that a dataset could contain. */
    default Optional<Location> location() {
        return Optional.empty();
    }

    /**
     * A secret in a variable of the environment: 64 hexadecimal digits. It is read when it is asked for and never made; a variable that is not set or blank
     * holds none.
     *
     * @param variable its name
     * @throws InvalidValueException if the name is blank
     */
    static Secret environment(String variable) {
        return new EnvironmentKey(requireText("variable", variable), System::getenv);
    }

    /**
     * A secret of 32 bytes that the host fetches itself, such as from its configuration server. A callback that throws makes the key
     * {@linkplain dev.cairn.backup.KeyException.Reason#UNAVAILABLE unavailable}; one that throws a {@link dev.cairn.backup.KeyException} decides the reason.
     *
     * @param label what messages call it
     * @param source asked whenever the secret is needed, by any thread; what it gives is copied
     * @throws InvalidValueException if the label is blank
     */
    static Secret secret(String label, Supplier<byte[]> source) {
        return new SuppliedKey(requireText("label", label), source);
    }

    private static String requireText(String parameter, String text) {
        if (text.isBlank()) {
            throw new InvalidValueException(parameter, text, "a text that is not blank");
        }
        return text;
    }

    /** A holder that gives away a secret of 32 bytes, from which the engine derives what it needs. */
    non-sealed interface Secret extends KeyProvider {

        /** Number of bytes of a secret. */
        int BYTES = 32;

        /**
         * The secret, or empty if the holder has none yet.
         *
         * @throws dev.cairn.backup.KeyException if there is one and it cannot be used
         */
        Optional<byte[]> find();

        /**
         * The secret; one is made and kept if there is none and the holder can. Durable when it returns.
         *
         * @throws dev.cairn.backup.KeyException if there is none and none can be made
         */
        byte[] findOrCreate();
    }

    /** A holder that never gives its key away, as a key management service: it wraps the repository's secrets and unwraps them. */
    non-sealed interface Vault extends KeyProvider {

        /**
         * Encrypts the repository's secrets.
         *
         * @param secrets 64 bytes
         * @param context what the wrapped bytes are for; must be bound to them and asked for again
         * @return at most 16 KiB
         */
        byte[] wrap(byte[] secrets, byte[] context);

        /**
         * Decrypts what {@link #wrap} made.
         *
         * @throws dev.cairn.backup.KeyException if it cannot, or if the context is another
         */
        byte[] unwrap(byte[] wrapped, byte[] context);
    }
}
