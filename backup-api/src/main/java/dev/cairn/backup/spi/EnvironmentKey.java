package dev.cairn.backup.spi;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A secret in a variable of the environment: 64 hexadecimal digits. Read anew at each call. */
final class EnvironmentKey implements KeyProvider.Secret {

    private final String variable;
    private final UnaryOperator<@Nullable String> environment;

    EnvironmentKey(String variable, UnaryOperator<@Nullable String> environment) {
        this.variable = variable;
        this.environment = environment;
    }

    @Override
    public String type() {
        return "environment";
    }

    @Override
    public String describe() {
        return "the environment variable " + variable;
    }

    @Override
    public Optional<byte[]> find() {
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        String digits = value.strip();
        if (digits.length() == 2 * BYTES) {
            try {
                return Optional.of(HexFormat.of().parseHex(digits));
            } catch (IllegalArgumentException e) {
                // Its message shows a part of the secret: it must not become a cause.
            }
        }
        throw new KeyException(
                Reason.MALFORMED,
                "The environment variable " + variable + " holds " + digits.length() + " characters that are no key",
                "A key is 64 hexadecimal digits",
                null);
    }

    @Override
    public byte[] findOrCreate() {
        return find().orElseThrow(() -> new KeyException(
                Reason.MISSING,
                "The environment variable " + variable + " is not set",
                "Set it to 64 random hexadecimal digits and keep a copy in a safe place; without it nothing can be restored",
                null));
    }

    @Override
    public String toString() {
        return describe();
    }
}
