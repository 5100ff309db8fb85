package dev.cairn.backup.core.keys;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.spi.KeyProvider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A key that can be printed: 14 groups of 4 letters and digits, of which the last finds typing errors. Immutable and thread-safe.
 * {@code toString} does not show it; {@link #printed} does.
 */
public final class RecoveryCode {

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int SECRET_DIGITS = 52;
    private static final int CHECK_DIGITS = 4;
    private static final int GROUP = 4;

    private final byte[] secret;

    private RecoveryCode(byte[] secret) {
        this.secret = secret;
    }

    /** A new code. It opens nothing until a slot was made for it; see {@link RepositoryKeys#newRecoveryCode}. */
    public static RecoveryCode random() {
        byte[] secret = new byte[KeyProvider.Secret.BYTES];
        new SecureRandom().nextBytes(secret);
        return new RecoveryCode(secret);
    }

    /**
     * Reads a code as somebody typed it: in any case, with or without hyphens and spaces; I and L count as 1, O as 0.
     *
     * @throws KeyException {@link KeyException.Reason#MALFORMED} if it cannot be a code, with what is wrong; it does not repeat the code
     */
    public static RecoveryCode parse(String typed) {
        int[] digits = new int[SECRET_DIGITS + CHECK_DIGITS];
        int count = 0;
        String upper = typed.toUpperCase(Locale.ROOT);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            if (c == '-' || Character.isWhitespace(c)) {
                continue;
            }
            int digit = DIGITS.indexOf(c == 'I' || c == 'L' ? '1' : c == 'O' ? '0' : c);
            if (digit < 0) {
                throw malformed("has at place " + (count + 1) + " a character that occurs in none");
            }
            if (count < digits.length) {
                digits[count] = digit;
            }
            count++;
        }
        if (count != digits.length) {
            throw malformed("has " + count + " letters and digits instead of " + digits.length);
        }
        byte[] secret = bytesOf(digits);
        // 52 digits hold 260 bits: the last 4 must be zero, else two codes would have one secret.
        if ((digits[SECRET_DIGITS - 1] & 15) != 0
                || !Arrays.equals(Arrays.copyOfRange(digits, SECRET_DIGITS, digits.length), check(secret))) {
            throw malformed("has a typing error: its last group does not fit the others");
        }
        return new RecoveryCode(secret);
    }

    /** The code for people: groups of four joined by hyphens. A secret. */
    public String printed() {
        int[] digits = Arrays.copyOf(digitsOf(secret, SECRET_DIGITS), SECRET_DIGITS + CHECK_DIGITS);
        System.arraycopy(check(secret), 0, digits, SECRET_DIGITS, CHECK_DIGITS);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits.length; i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append('-');
            }
            text.append(DIGITS.charAt(digits[i]));
        }
        return text.toString();
    }

    /** A holder of this code, to open a repository with. */
    public KeyProvider.Secret asKey() {
        return new RecoveryKey(secret);
    }

    private static int[] check(byte[] secret) {
        return digitsOf(Algorithms.sha256().digest(secret), CHECK_DIGITS);
    }

    /** The first digits of the base32 of the bytes; bits past their end are zero. */
    private static int[] digitsOf(byte[] bytes, int count) {
        int[] digits = new int[count];
        for (int i = 0; i < count; i++) {
            for (int bit = 5 * i; bit < 5 * i + 5; bit++) {
                int value = bit / 8 < bytes.length ? bytes[bit / 8] >> (7 - bit % 8) & 1 : 0;
                digits[i] = digits[i] << 1 | value;
            }
        }
        return digits;
    }

    private static byte[] bytesOf(int[] digits) {
        byte[] bytes = new byte[KeyProvider.Secret.BYTES];
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            int value = digits[bit / 5] >> (4 - bit % 5) & 1;
            bytes[bit / 8] |= (byte) (value << (7 - bit % 8));
        }
        return bytes;
    }

    private static KeyException malformed(String problem) {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "The recovery code " + problem,
                "Compare it with the print: 14 groups of 4 letters and digits",
                null);
    }

    @Override
    public String toString() {
        return "recovery code (not shown)";
    }

    private record RecoveryKey(byte[] secret) implements KeyProvider.Secret {

        @Override
        public String type() {
            return KeySlot.RECOVERY;
        }

        @Override
        public String describe() {
            return "the recovery code";
        }

        @Override
        public Optional<byte[]> find() {
            return Optional.of(secret.clone());
        }

        @Override
        public byte[] findOrCreate() {
            return secret.clone();
        }

        @Override
        public String toString() {
            return describe();
        }
    }
}
