package dev.cairn.backup.examples.factory;

import dev.cairn.backup.core.archive.ArchiveKey;
import dev.cairn.backup.core.proof.ReceiptSigners;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SigningKey;

/** The secrets, all from the environment: none is ever in a file that is backed up. */
public final class Secrets {

    /** Opens the repository and the archives: 64 hexadecimal digits. */
    public static final String ARCHIVE = "ARCHIVE_ENCRYPTION_KEY";

    /** The factory's Ed25519 key: PEM, or its seed as 64 hexadecimal digits. */
    public static final String FACTORY = "FACTORY_SIGNING_SECRET";

    /** The tower's Ed25519 key, in the tower's process only. */
    public static final String TOWER = "TOWER_SIGNING_SECRET";

    /** What {@code openssl enc -pbkdf2} takes if it is told nothing. */
    public static final int ROUNDS = 10_000;

    private Secrets() {}

    /** The key of the repository. */
    public static KeyProvider repository() {
        return KeyProvider.environment(ARCHIVE);
    }

    /**
     * The key of the archives.
     *
     * @throws IllegalStateException if the variable is not set
     */
    public static ArchiveKey archive() {
        String secret = System.getenv(ARCHIVE);
        if (secret == null || secret.isBlank()) {
            throw new IllegalStateException(
                    ARCHIVE + " is not set; take it from the vault and put it into the environment of this process");
        }
        return archive(secret.strip());
    }

    /** The key of the archives from its text: {@code openssl}'s own number of rounds, since a secret of 256 random bits is not guessed. */
    public static ArchiveKey archive(String secret) {
        return ArchiveKey.ofPassphrase(secret.toCharArray()).iterations(ROUNDS);
    }

    /** Signs for the factory. */
    public static ReceiptSigner factory() {
        return ReceiptSigners.ed25519("factory", SigningKey.environment(FACTORY));
    }

    /** Signs for the tower. */
    public static ReceiptSigner tower() {
        return ReceiptSigners.ed25519("tower", SigningKey.environment(TOWER));
    }
}
