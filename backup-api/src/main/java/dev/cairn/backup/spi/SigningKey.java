package dev.cairn.backup.spi;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the text of a signing key comes from: a variable of the environment, the host, a file (in the module for files). Asked at each use, so that a key can be exchanged while the host
 * runs. Thread-safe; neither {@code toString} nor a message ever shows a secret.
 */
public interface SigningKey {

    /** Greatest number of bytes of a key's text. */
    int MOST_BYTES = 16 << 10;

    /** Where it is, for messages. */
    String describe();

    /**
     * The key as text: PEM, or hexadecimal digits.
     *
     * @throws KeyException if there is none or it cannot be had
     */
    byte[] read();

    /**
     * A key in a variable of the environment.
     *
     * @param variable its name
     * @throws InvalidValueException if the name is blank
     */
    static SigningKey environment(String variable) {
        return environment(variable, System::getenv);
    }

    /** The same with an environment of one's own, for tests. */
    static SigningKey environment(String variable, UnaryOperator<@Nullable String> environment) {
        requireText("variable", variable);
        return of("the environment variable " + variable, () -> {
            String value = environment.apply(variable);
            return value == null || value.isBlank() ? null : value.getBytes(StandardCharsets.UTF_8);
        });
    }

    /**
     * A key that the host fetches itself, such as from a vault.
     *
     * @param label what messages call it
     * @param source gives the key's text, or null if there is none; what it gives is copied. A {@link KeyException} of its own is passed on, whatever else it throws makes the key
     *     {@linkplain Reason#UNAVAILABLE unavailable}
     * @throws InvalidValueException if the label is blank
     */
    static SigningKey supplied(String label, Supplier<byte @Nullable []> source) {
        requireText("label", label);
        return of(label, source);
    }

    private static SigningKey of(String label, Supplier<byte @Nullable []> source) {
        return new SigningKey() {
            @Override
            public String describe() {
                return label;
            }

            @Override
            public byte[] read() {
                byte[] text;
                try {
                    text = source.get();
                } catch (KeyException e) {
                    throw e;
                } catch (RuntimeException e) {
                    throw new KeyException(
                            Reason.UNAVAILABLE, label + " could not be asked for its key", "See the cause", e);
                }
                if (text == null) {
                    throw new KeyException(
                            Reason.MISSING, label + " holds no signing key", "Put the key there, and try again", null);
                }
                return text.clone();
            }

            @Override
            public String toString() {
                return label;
            }
        };
    }

    private static void requireText(String parameter, String text) {
        if (text.isBlank()) {
            throw new InvalidValueException(parameter, text, "a text that is not blank");
        }
    }
}
