package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.testkit.FixedKeys;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holders of keys, well and badly behaved. */
final class TestHolders {

    private TestHolders() {}

    /** A key file that has, or will make, the secret of that label. */
    static KeyProvider.Secret keyFile(String label) {
        return new Held("key-file", label, () -> FixedKeys.secret(label));
    }

    static KeyProvider.Secret environment(String label) {
        return new Held("environment", label, () -> FixedKeys.secret(label));
    }

    /** One that has no secret and makes none. */
    static KeyProvider.Secret empty() {
        return new Held("key-file", "nobody", () -> null);
    }

    record Held(String type, String label, Supplier<byte @Nullable []> source) implements KeyProvider.Secret {

        @Override
        public String describe() {
            return "the test's key " + label;
        }

        @Override
        public Optional<byte[]> find() {
            return Optional.ofNullable(source.get());
        }

        @Override
        public byte[] findOrCreate() {
            return find().orElseThrow(() -> new KeyException(Reason.MISSING, "There is none", "Make one", null));
        }
    }

    /** A vault with a key of its own that binds the context. */
    static final class TestVault implements KeyProvider.Vault {

        private final byte pad;
        byte @Nullable [] lastContext;

        @Nullable
        RuntimeException down;

        TestVault(int pad) {
            this.pad = (byte) pad;
        }

        @Override
        public String type() {
            return "test-vault";
        }

        @Override
        public String describe() {
            return "the test's vault";
        }

        @Override
        public byte[] wrap(byte[] secrets, byte[] context) {
            ask();
            lastContext = context;
            byte[] wrapped = Arrays.copyOf(context, context.length + secrets.length);
            for (int i = 0; i < secrets.length; i++) {
                wrapped[context.length + i] = (byte) (secrets[i] ^ pad);
            }
            return wrapped;
        }

        @Override
        public byte[] unwrap(byte[] wrapped, byte[] context) {
            ask();
            if (!Arrays.equals(wrapped, 0, context.length, context, 0, context.length)) {
                throw new KeyException(Reason.WRONG, "The context is another", "Give the right one", null);
            }
            byte[] secrets = Arrays.copyOfRange(wrapped, context.length, wrapped.length);
            for (int i = 0; i < secrets.length; i++) {
                secrets[i] ^= pad;
            }
            return secrets;
        }

        private void ask() {
            if (down != null) {
                throw down;
            }
        }
    }
}
