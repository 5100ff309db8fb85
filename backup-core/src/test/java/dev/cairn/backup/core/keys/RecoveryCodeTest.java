package dev.cairn.backup.core.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecoveryCodeTest {

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    @Test
    void aPrintedCodeIsReadBack() {
        for (int i = 0; i < 200; i++) {
            RecoveryCode code = RecoveryCode.random();
            assertTrue(code.printed().matches("([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}"), code.printed());
            RecoveryCode again = RecoveryCode.parse(code.printed());
            assertArrayEquals(secret(code), secret(again));
            assertEquals(code.printed(), again.printed());
        }
    }

    /** By the words of the format: 260 bits of the secret, the last 4 zero, then 20 bits of its hash. */
    @Test
    void theDigitsAreThoseOfTheFormat() throws Exception {
        RecoveryCode code = RecoveryCode.random();
        BigInteger bits = new BigInteger(1, secret(code)).shiftLeft(4);
        BigInteger hash = new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(secret(code))).shiftRight(236);
        assertEquals(base32(bits, 52) + base32(hash, 4), code.printed().replace("-", ""));
    }

    private static String base32(BigInteger value, int digits) {
        StringBuilder text = new StringBuilder();
        for (int i = digits - 1; i >= 0; i--) {
            text.append(DIGITS.charAt(value.shiftRight(5 * i).intValue() & 31));
        }
        return text.toString();
    }

    @Test
    void caseHyphensSpacesAndLettersThatLookLikeDigitsDoNotMatter() {
        RecoveryCode code = RecoveryCode.random();
        String typed = " "
                + code.printed()
                        .toLowerCase(Locale.ROOT)
                        .replace("-", " \n")
                        .replace('0', 'o')
                        .replaceFirst("1", "i")
                        .replace('1', 'L');
        assertArrayEquals(secret(code), secret(RecoveryCode.parse(typed)));
    }

    @Test
    void everyTypingErrorInOneDigitIsFound() {
        String right = RecoveryCode.random().printed();
        int notFound = 0;
        for (int i = 0; i < right.length(); i++) {
            for (int d = 0; right.charAt(i) != '-' && d < 32; d++) {
                if (DIGITS.charAt(d) != right.charAt(i)) {
                    String wrong = right.substring(0, i) + DIGITS.charAt(d) + right.substring(i + 1);
                    notFound += isRefused(wrong) ? 0 : 1;
                }
            }
        }
        // 20 bits find all but one in a million.
        assertTrue(notFound <= 1, notFound + " of 1736");
    }

    @Test
    void digitsThatChangedPlacesAreFound() {
        String right = RecoveryCode.random().printed().replace("-", "");
        SplittableRandom random = new SplittableRandom(1);
        for (int n = 0; n < 100; n++) {
            int i = random.nextInt(right.length() - 1);
            char[] swapped = right.toCharArray();
            swapped[i] = right.charAt(i + 1);
            swapped[i + 1] = right.charAt(i);
            assertTrue(right.charAt(i) == right.charAt(i + 1) || isRefused(new String(swapped)));
        }
    }

    @Test
    void whatIsNoCodeIsRefusedWithoutRepeatingIt() {
        String right = RecoveryCode.random().printed();
        for (String wrong : new String[] {
            "",
            right.substring(1),
            right + "7",
            right.replaceFirst(".", "U"),
            right.replaceFirst(".", "*"),
            "x".repeat(100_000)
        }) {
            KeyException e = assertThrows(KeyException.class, () -> RecoveryCode.parse(wrong));
            assertEquals(Reason.MALFORMED, e.reason());
            assertFalse(e.getMessage().contains(right.substring(5, 30)), e.getMessage());
            assertTrue(e.getMessage().length() < 300, e.getMessage());
        }
    }

    @Test
    void itShowsInNoText() {
        RecoveryCode code = RecoveryCode.random();
        String shown = code + " " + code.asKey() + " " + code.asKey().describe();
        for (String group : code.printed().split("-")) {
            assertFalse(shown.contains(group), shown);
        }
    }

    private static boolean isRefused(String typed) {
        try {
            RecoveryCode.parse(typed);
            return false;
        } catch (KeyException e) {
            return e.reason() == Reason.MALFORMED;
        }
    }

    private static byte[] secret(RecoveryCode code) {
        return code.asKey().find().orElseThrow();
    }
}
