package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.core.keys.KeySlot;
import dev.cairn.backup.spi.KeyProvider;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Asks holders of keys, which are others' code: whatever they do ends in a secret of the right length or a {@link KeyException}. */
final class Holders {

    /** The types whose holder has a secret; any other word is a vault's. */
    private static final Set<String> SECRET = Set.of("key-file", "environment", KeySlot.RECOVERY);

    private Holders() {}

    /** Whether the slot's holder has a secret. */
    static boolean isSecret(String type) {
        return SECRET.contains(type);
    }

    /**
     * The type names in the store how to open a slot, so that it must not contradict what the holder is.
     *
     * @throws ConfigurationException if it does
     */
    static void check(KeyProvider holder) {
        String type = holder.type();
        boolean secret = holder instanceof KeyProvider.Secret;
        if (!SlotFile.TYPE.matcher(type).matches() || isSecret(type) != secret) {
            throw new ConfigurationException(
                    "The key holder " + holder.describe() + " has the type '" + type + "'",
                    secret
                            ? "A holder of a secret has one of "
                                    + SECRET.stream().sorted().toList()
                            : "A vault has a word of its own: 1 to 32 characters of a-z 0-9 -, none of "
                                    + SECRET.stream().sorted().toList());
        }
    }

    static byte[] find(KeyProvider.Secret holder) {
        Optional<byte[]> secret = ask(holder, holder::find);
        return checked(
                holder,
                secret.orElseThrow(() -> new KeyException(
                        Reason.MISSING,
                        "There is no key: " + holder.describe() + " has none",
                        "Put the repository's key there, or open it with another, such as its recovery code",
                        null)));
    }

    static byte[] findOrCreate(KeyProvider.Secret holder) {
        return checked(holder, ask(holder, holder::findOrCreate));
    }

    static byte[] wrap(KeyProvider.Vault vault, byte[] secrets, byte[] context) {
        byte[] wrapped = ask(vault, () -> vault.wrap(secrets, context));
        if (wrapped.length > SlotFile.MOST_WRAPPED) {
            throw new KeyException(
                    Reason.MALFORMED,
                    vault.describe() + " wrapped the secrets into " + wrapped.length + " bytes",
                    "Allowed is at most " + SlotFile.MOST_WRAPPED,
                    null);
        }
        return wrapped;
    }

    static byte[] unwrap(KeyProvider.Vault vault, byte[] wrapped, byte[] context) {
        return ask(vault, () -> vault.unwrap(wrapped, context));
    }

    private static <T> T ask(KeyProvider holder, Supplier<T> question) {
        try {
            return question.get();
        } catch (KeyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KeyException(
                    Reason.UNAVAILABLE,
                    holder.describe() + " could not be asked for its key",
                    "See the cause, and try again",
                    e);
        }
    }

    private static byte[] checked(KeyProvider holder, byte[] secret) {
        if (secret.length != KeyProvider.Secret.BYTES) {
            throw new KeyException(
                    Reason.MALFORMED,
                    holder.describe() + " gave a key of " + secret.length + " bytes",
                    "A key has " + KeyProvider.Secret.BYTES,
                    null);
        }
        return secret;
    }
}
