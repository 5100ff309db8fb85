package dev.cairn.backup.spi;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import java.util.Optional;
import java.util.function.Supplier;

/** A secret that the host gives when asked. Asked anew at each call. */
final class SuppliedKey implements KeyProvider.Secret {

    private final String label;
    private final Supplier<byte[]> source;

    SuppliedKey(String label, Supplier<byte[]> source) {
        this.label = label;
        this.source = source;
    }

    /** The format has one word for what the process is given from outside; whether by a variable or by a call is the host's business. */
    @Override
    public String type() {
        return "environment";
    }

    @Override
    public String describe() {
        return label;
    }

    @Override
    public Optional<byte[]> find() {
        return Optional.of(findOrCreate());
    }

    @Override
    public byte[] findOrCreate() {
        byte[] secret;
        try {
            secret = source.get();
        } catch (KeyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new KeyException(
                    Reason.UNAVAILABLE, label + " could not be asked for its key", "See the cause, and try again", e);
        }
        if (secret == null || secret.length != BYTES) {
            throw new KeyException(
                    Reason.MALFORMED,
                    label + " gave " + (secret == null ? "no key" : "a key of " + secret.length + " bytes"),
                    "A key has " + BYTES + " bytes",
                    null);
        }
        return secret.clone();
    }

    @Override
    public String toString() {
        return describe();
    }
}
