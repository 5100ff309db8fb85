package dev.cairn.backup.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyProviderTest {

    private static final String DIGITS = "00112233445566778899aabbccddeeff".repeat(2);

    private static KeyProvider.Secret variable(String value) {
        Map<String, String> environment = value == null ? Map.of() : Map.of("BACKUP_KEY", value);
        return new EnvironmentKey("BACKUP_KEY", environment::get);
    }

    @Test
    void aVariableOf64DigitsIsAKey() {
        assertArrayEquals(
                HexFormat.of().parseHex(DIGITS), variable(DIGITS).find().orElseThrow());
        assertArrayEquals(
                HexFormat.of().parseHex(DIGITS), variable(" " + DIGITS + "\n").findOrCreate());
        assertEquals("environment", variable(DIGITS).type());
    }

    @Test
    void aVariableThatIsNotSetOrBlankHoldsNoneAndNoneIsMade() {
        for (String value : new String[] {null, "", "  \n"}) {
            assertEquals(Optional.empty(), variable(value).find());
            KeyException e =
                    assertThrows(KeyException.class, () -> variable(value).findOrCreate());
            assertEquals(Reason.MISSING, e.reason());
        }
    }

    @Test
    void anythingElseIsMalformedAndNotRepeated() {
        for (String value : List.of("x", DIGITS.substring(1), DIGITS + "0", DIGITS.replace('a', 'g'))) {
            KeyException e =
                    assertThrows(KeyException.class, () -> variable(value).find());
            assertEquals(Reason.MALFORMED, e.reason());
            for (Throwable shown = e; shown != null; shown = shown.getCause()) {
                assertFalse(shown.toString().contains(DIGITS.substring(3, 9)), shown.toString());
            }
        }
    }

    @Test
    void theRealEnvironmentIsAsked() {
        assertEquals(
                Optional.empty(),
                KeyProvider.environment("CAIRN_NO_SUCH_VARIABLE_IS_SET").find());
        assertThrows(InvalidValueException.class, () -> KeyProvider.environment(" "));
    }

    @Test
    void aSuppliedSecretIsCopied() {
        byte[] given = HexFormat.of().parseHex(DIGITS);
        KeyProvider.Secret key = KeyProvider.secret("the configuration server", () -> given);
        key.findOrCreate()[0] = 77;
        assertArrayEquals(HexFormat.of().parseHex(DIGITS), key.find().orElseThrow());
        assertThrows(InvalidValueException.class, () -> KeyProvider.secret("", () -> given));
    }

    @Test
    void aSupplierThatFailsIsUnavailableOrWhatItSaysItself() {
        KeyException e = assertThrows(
                KeyException.class,
                () -> KeyProvider.secret("the server", () -> {
                            throw new IllegalStateException("down");
                        })
                        .find());
        assertEquals(Reason.UNAVAILABLE, e.reason());
        KeyException own = new KeyException(Reason.MISSING, "none yet", "make one", null);
        assertSame(
                own,
                assertThrows(
                        KeyException.class,
                        () -> KeyProvider.secret("the server", () -> {
                                    throw own;
                                })
                                .findOrCreate()));
    }

    @Test
    void aSupplierThatGivesNoKeyOrOneOfAnotherLengthIsMalformed() {
        for (byte[] bad : new byte[][] {null, {}, new byte[31], new byte[33]}) {
            KeyException e = assertThrows(
                    KeyException.class, () -> KeyProvider.secret("x", () -> bad).find());
            assertEquals(Reason.MALFORMED, e.reason());
        }
    }

    @Test
    void noTextShowsASecret() {
        KeyProvider.Secret supplied =
                KeyProvider.secret("the server", () -> HexFormat.of().parseHex(DIGITS));
        String shown = variable(DIGITS) + variable(DIGITS).describe() + supplied + supplied.describe();
        assertFalse(shown.contains(DIGITS.substring(3, 9)), shown);
    }
}
