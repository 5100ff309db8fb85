package dev.cairn.backup.core.crypto;

import static dev.cairn.backup.core.crypto.ContainerLayout.HEAD;
import static dev.cairn.backup.core.crypto.ContainerLayout.PREFIX;

import dev.cairn.backup.DamagedRepositoryException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes and checks the heads of one repository's containers; a head leads to the key of its frames. Thread-safe. */
final class ContainerHead {

    private static final byte[] MAGIC = {(byte) 0x89, 'C', 'A', 'I', 'R', 'N', '\r', '\n'};
    private static final int VERSION = 1;
    private static final int SUITE = 1;
    private static final int KIND_AT = 10;
    private static final int EPOCH_AT = 12;
    private static final int REPOSITORY_AT = 16;
    private static final int SALT_AT = 32;
    private static final int SALT = 32;
    private static final int KEY = 32;

    private final byte[] repositoryId;
    private final RepositorySecrets secrets;
    private final SecureRandom random = new SecureRandom();

    ContainerHead(byte[] repositoryId, RepositorySecrets secrets) {
        if (repositoryId.length != 16) {
            throw new IllegalArgumentException("a repository id has 16 bytes, not " + repositoryId.length);
        }
        this.repositoryId = repositoryId.clone();
        this.secrets = secrets;
    }

    /**
     * Writes a new head, with a salt of its own, and gives the key of its frames.
     *
     * @param bodyDigest the SHA-256 of the body: should the random generator repeat itself, two bodies still share no key
     */
    SecretKeySpec write(ContainerKind kind, String name, byte[] bodyDigest, byte[] head) {
        System.arraycopy(MAGIC, 0, head, 0, MAGIC.length);
        head[8] = VERSION;
        head[9] = SUITE;
        head[KIND_AT] = (byte) kind.number();
        head[KIND_AT + 1] = 0;
        for (int i = 0; i < 4; i++) {
            head[EPOCH_AT + i] = (byte) (secrets.epoch() >>> (24 - 8 * i));
        }
        System.arraycopy(repositoryId, 0, head, REPOSITORY_AT, repositoryId.length);
        byte[] fresh = new byte[SALT];
        random.nextBytes(fresh);
        Mac mac = Algorithms.hmac(secrets.saltKey());
        mac.update(fresh);
        System.arraycopy(mac.doFinal(bodyDigest), 0, head, SALT_AT, SALT);
        byte[] okm = derive(head, kind, name);
        System.arraycopy(okm, KEY, head, PREFIX, HEAD - PREFIX);
        return new SecretKeySpec(okm, 0, KEY, "AES");
    }

    /**
     * Checks a head, the commitment before anything is decrypted, and gives the key of its frames.
     *
     * @param stored begins with a whole head
     */
    SecretKeySpec check(ContainerKind kind, String name, byte[] stored) {
        if (!Arrays.equals(stored, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DamagedRepositoryException(name, "does not begin as a container does", null);
        }
        if (stored[8] != VERSION || stored[9] != SUITE || stored[KIND_AT + 1] != 0) {
            throw new DamagedRepositoryException(
                    name,
                    "has container version " + (stored[8] & 0xff) + " and suite " + (stored[9] & 0xff)
                            + "; known here is " + VERSION + " and " + SUITE,
                    null);
        }
        if (stored[KIND_AT] != kind.number()) {
            throw new DamagedRepositoryException(
                    name, "is a container of kind " + (stored[KIND_AT] & 0xff) + ", not " + kind, null);
        }
        if (!Arrays.equals(stored, REPOSITORY_AT, SALT_AT, repositoryId, 0, repositoryId.length)) {
            throw new DamagedRepositoryException(
                    name,
                    "belongs to the repository "
                            + HexFormat.of().formatHex(stored, REPOSITORY_AT, SALT_AT)
                            + ", or its head is damaged",
                    null);
        }
        for (int i = 0; i < 4; i++) {
            if (stored[EPOCH_AT + i] != (byte) (secrets.epoch() >>> (24 - 8 * i))) {
                throw new DamagedRepositoryException(
                        name, "is not of epoch " + Integer.toUnsignedString(secrets.epoch()), null);
            }
        }
        byte[] okm = derive(stored, kind, name);
        if (!MessageDigest.isEqual(Arrays.copyOfRange(okm, KEY, 2 * KEY), Arrays.copyOfRange(stored, PREFIX, HEAD))) {
            throw new DamagedRepositoryException(
                    name, "was not sealed under this name with this repository's key, or its head is damaged", null);
        }
        return new SecretKeySpec(okm, 0, KEY, "AES");
    }

    private byte[] derive(byte[] head, ContainerKind kind, String name) {
        byte[] bound = kind.boundToName() ? name.getBytes(StandardCharsets.UTF_8) : new byte[0];
        byte[] info = Arrays.copyOf(head, PREFIX + bound.length);
        System.arraycopy(bound, 0, info, PREFIX, bound.length);
        return Hkdf.derive(secrets.objectKey(), info, 2 * KEY);
    }
}
