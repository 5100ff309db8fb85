package dev.cairn.backup.core.crypto;

import static dev.cairn.backup.core.crypto.ContainerLayout.FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.HEAD;
import static dev.cairn.backup.core.crypto.ContainerLayout.LENGTH;
import static dev.cairn.backup.core.crypto.ContainerLayout.STORED_FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.TAG;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals bodies of one repository into containers and opens them again. Whatever was changed, cut, put under another name or taken for another kind is
 * refused with {@link DamagedRepositoryException}; nothing that was not authenticated is handed out. Thread-safe.
 *
 * <p>It does not tell that a whole container is missing, or that an older one of the same name was put back: names that are hashes do that.
 */
public final class Containers {

    private final ContainerHead heads;

    /**
     * @param repositoryId 16 bytes
     */
    public Containers(byte[] repositoryId, RepositorySecrets secrets) {
        this.heads = new ContainerHead(repositoryId, secrets);
    }

    /**
     * Seals a body that is at hand; large ones should go through a {@link #buffer}.
     *
     * @param name the blob's name; not looked at for packs and index segments, whose name is the hash of the answer
     * @param body at most about 1.9 GiB, so that the answer fits an array
     * @return the container
     */
    public byte[] seal(ContainerKind kind, String name, byte[] body) {
        long plaintext = ContainerLayout.padme(LENGTH + (long) body.length);
        byte[] stored = new byte[Math.toIntExact(ContainerLayout.storedSize(plaintext))];
        SecretKeySpec key = heads.write(kind, name, Algorithms.sha256().digest(body), stored);
        writeLength(stored, HEAD, body.length);
        FrameCipher cipher = new FrameCipher();
        int copied = 0;
        long frame = 0;
        for (int at = HEAD; at < stored.length; at += STORED_FRAME, frame++) {
            int plain = Math.min(FRAME, stored.length - at - TAG);
            int skip = frame == 0 ? LENGTH : 0;
            int part = Math.min(plain - skip, body.length - copied);
            System.arraycopy(body, copied, stored, at + skip, part);
            copied += part;
            cipher.seal(key, frame, at + plain + TAG == stored.length, stored, at, plain);
        }
        return stored;
    }

    /**
     * Opens a whole container.
     *
     * @param name the blob's name, for messages too
     * @return the body
     * @throws DamagedRepositoryException if it is not what was sealed under this name, naming it
     */
    public byte[] open(ContainerKind kind, String name, byte[] stored) {
        long plaintext = plaintext(name, stored.length);
        SecretKeySpec key = heads.check(kind, name, stored);
        FrameCipher cipher = new FrameCipher();
        int first = Math.min(STORED_FRAME, stored.length - HEAD);
        boolean only = HEAD + first == stored.length;
        byte[] begin = new byte[first - TAG];
        cipher.open(key, 0, only, stored, HEAD, first, begin, 0, 0, begin.length, name);
        int length = (int) bodyLength(name, begin, plaintext);
        if (only) {
            return Arrays.copyOfRange(begin, LENGTH, LENGTH + length);
        }
        byte[] body = new byte[length];
        int have = Math.min(length, FRAME - LENGTH);
        System.arraycopy(begin, LENGTH, body, 0, have);
        int rest = HEAD + STORED_FRAME;
        cipher.open(key, 1, true, stored, rest, stored.length - rest, body, have, 0, length - have, name);
        return body;
    }

    /**
     * Room to write a container in, piece by piece.
     *
     * @param kind {@link ContainerKind#PACK} or {@link ContainerKind#INDEX}: the others are bound to a name
     */
    public ContainerBuffer buffer(ContainerKind kind) {
        if (kind.boundToName()) {
            throw new IllegalArgumentException("a container of kind " + kind + " is bound to its name: seal it");
        }
        return new ContainerBuffer(heads, kind);
    }

    /**
     * Opens a container of which only parts are wanted. Reads its head and first frame, with one range read.
     *
     * @param storedSize the blob's size as it was listed
     * @throws DamagedRepositoryException if no container has that size, or the head or first frame is not what was sealed under this name
     * @throws dev.cairn.backup.BlobNotFoundException if there is no such blob
     */
    public ContainerReader reader(ContainerKind kind, BlobStore store, BlobName blob, long storedSize) {
        long plaintext = plaintext(blob.value(), storedSize);
        StoredRange source = new StoredRange(store, blob, storedSize);
        byte[] begin = source.read(0, (int) Math.min(storedSize, HEAD + STORED_FRAME));
        SecretKeySpec key = heads.check(kind, blob.value(), begin);
        byte[] first = new byte[begin.length - HEAD - TAG];
        new FrameCipher()
                .open(
                        key,
                        0,
                        begin.length == storedSize,
                        begin,
                        HEAD,
                        begin.length - HEAD,
                        first,
                        0,
                        0,
                        first.length,
                        blob.value());
        return new ContainerReader(source, key, bodyLength(blob.value(), first, plaintext), plaintext, first);
    }

    private static long plaintext(String name, long storedSize) {
        long plaintext = ContainerLayout.plaintext(storedSize);
        if (plaintext < 0) {
            throw new DamagedRepositoryException(name, "has " + storedSize + " bytes, which no container has", null);
        }
        return plaintext;
    }

    private static long bodyLength(String name, byte[] plain, long plaintext) {
        long length = 0;
        for (int i = 0; i < LENGTH; i++) {
            length = length << 8 | plain[i] & 0xff;
        }
        if (length < 0 || length > plaintext - LENGTH) {
            throw new DamagedRepositoryException(
                    name, "says that its body is longer (" + Long.toUnsignedString(length) + ") than itself", null);
        }
        return length;
    }

    /** Writes the body's length where the plaintext begins. */
    static void writeLength(byte[] into, int at, long length) {
        for (int i = 0; i < LENGTH; i++) {
            into[at + i] = (byte) (length >>> (56 - 8 * i));
        }
    }
}
