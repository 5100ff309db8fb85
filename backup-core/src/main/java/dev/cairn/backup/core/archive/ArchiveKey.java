package dev.cairn.backup.core.archive;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The passphrase of an encrypted archive. Immutable and thread-safe; no method gives the passphrase away.
 *
 * <p>The archive opens with
 *
 * <pre>
 * openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -pass env:ARCHIVE_ENCRYPTION_KEY -in proofs.tar.gz.enc | tar -tzf -
 * </pre>
 *
 * That form has no integrity of its own: whoever can write to the file can change what it decrypts to. So an export also gives a MAC over the whole
 * file, to be kept beside it and checked first. It is HMAC-SHA-256 under bytes 48 to 79 of the PBKDF2 output whose first 48 bytes are the key and the IV of
 * {@code openssl enc}; {@link SnapshotArchive#mac} computes it, and so do (OpenSSL 3)
 *
 * <pre>
 * salt=$(head -c 16 proofs.tar.gz.enc | tail -c 8 | od -An -v -tx1 | tr -d ' \n')
 * key=$(openssl kdf -keylen 80 -kdfopt digest:SHA256 -kdfopt pass:"$ARCHIVE_ENCRYPTION_KEY" -kdfopt hexsalt:$salt \
 *     -kdfopt iter:600000 -binary PBKDF2 | tail -c 32 | od -An -v -tx1 | tr -d ' \n')
 * openssl dgst -sha256 -mac HMAC -macopt hexkey:$key proofs.tar.gz.enc
 * </pre>
 */
public final class ArchiveKey {

    /** Rounds of PBKDF2-HMAC-SHA256 unless others are asked for: what OWASP's password storage sheet advises since 2023. */
    public static final int ITERATIONS = 600_000;

    /** What {@code openssl enc -pbkdf2} takes if it is told nothing. */
    private static final int LEAST_ITERATIONS = 10_000;

    private static final int MOST_ITERATIONS = 100_000_000;
    private static final int KEY = 32;
    private static final int IV = 16;
    private static final int MAC_KEY = 32;

    private final char[] passphrase;
    private final int iterations;

    private ArchiveKey(char[] passphrase, int iterations) {
        this.passphrase = passphrase;
        this.iterations = iterations;
    }

    /**
     * A passphrase, which is copied; it is used as UTF-8.
     *
     * @throws KeyException if it is empty or has a line break or NUL, which {@code openssl} would not take
     */
    public static ArchiveKey ofPassphrase(char[] passphrase) {
        boolean usable = passphrase.length > 0;
        for (char c : passphrase) {
            usable &= c != '\n' && c != '\r' && c != 0;
        }
        if (!usable) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "The passphrase of the archive is empty or has a line break or NUL",
                    "Give one line of text",
                    null);
        }
        return new ArchiveKey(passphrase.clone(), ITERATIONS);
    }

    /**
     * With another number of rounds, which {@code openssl enc -iter} has to be told as well.
     *
     * @param value from 10 000 to 100 000 000; the fewer, the longer the passphrase has to be
     * @throws InvalidValueException if it is beyond
     */
    public ArchiveKey iterations(int value) {
        if (value < LEAST_ITERATIONS || value > MOST_ITERATIONS) {
            throw new InvalidValueException("iterations", value, LEAST_ITERATIONS + " to " + MOST_ITERATIONS);
        }
        return new ArchiveKey(passphrase, value);
    }

    /** What one archive is encrypted and authenticated with. */
    record Derived(Cipher cipher, Mac mac) {}

    /** Derives for one salt; takes about a second. */
    Derived derive(int cipherMode, byte[] salt) {
        PBEKeySpec spec = new PBEKeySpec(passphrase, salt, iterations, (KEY + IV + MAC_KEY) * 8);
        try {
            byte[] bytes = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(cipherMode, new SecretKeySpec(bytes, 0, KEY, "AES"), new IvParameterSpec(bytes, KEY, IV));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, KEY + IV, MAC_KEY, "HmacSHA256"));
            Arrays.fill(bytes, (byte) 0);
            return new Derived(cipher, mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES, HMAC and PBKDF2 are part of every JDK", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** Says nothing of the passphrase. */
    @Override
    public String toString() {
        return "ArchiveKey[iterations=" + iterations + "]";
    }
}
