package dev.cairn.backup.core.crypto;

import static dev.cairn.backup.core.crypto.ContainerLayout.FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.HEAD;
import static dev.cairn.backup.core.crypto.ContainerLayout.LENGTH;
import static dev.cairn.backup.core.crypto.ContainerLayout.STORED_FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.TAG;

import dev.cairn.backup.spi.BlobContent;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;

/**
 * A container that is being written, in memory. Bytes lie from the start where they will lie in the container, so that sealing encrypts them in place.
 * For one thread at a time; it may be handed from one to another.
 */
public final class ContainerBuffer {

    /** A page just below 1 MiB: a byte over would cost G1, whose regions are 1 MiB in heaps below 2 GiB, two of them. */
    static final int PAGE_FRAMES = 63;

    static final int PAGE = PAGE_FRAMES * STORED_FRAME;

    private final ContainerHead heads;
    private final ContainerKind kind;
    private final MessageDigest bodyDigest = Algorithms.sha256();
    private final MessageDigest storedDigest = Algorithms.sha256();
    private final FrameCipher cipher = new FrameCipher();
    private final List<byte[]> pages = new ArrayList<>();
    private final byte[] head = new byte[HEAD];
    private long bodyLength;
    private boolean sealed;
    private volatile int generation;

    /**
     * A container that is ready to be stored.
     *
     * @param sha256 the SHA-256 of its bytes, 64 hexadecimal digits
     * @param size its size in bytes
     * @param content its bytes, which lie in the buffer: it can be opened any number of times until {@link ContainerBuffer#clear}, and fails after
     */
    public record Sealed(String sha256, long size, BlobContent content) {}

    ContainerBuffer(ContainerHead heads, ContainerKind kind) {
        this.heads = heads;
        this.kind = kind;
    }

    /**
     * Appends to the body.
     *
     * @throws IllegalStateException if it is sealed
     */
    public void write(byte[] b, int off, int len) {
        Objects.checkFromIndexSize(off, len, b.length);
        if (sealed) {
            throw new IllegalStateException("sealed: clear the buffer first");
        }
        bodyDigest.update(b, off, len);
        long at = LENGTH + bodyLength;
        bodyLength += len;
        while (len > 0) {
            long frame = at / FRAME;
            int within = (int) (at % FRAME);
            int part = Math.min(len, FRAME - within);
            System.arraycopy(b, off, page(frame), inPage(frame) + within, part);
            at += part;
            off += part;
            len -= part;
        }
    }

    /** The number of bytes written since the last {@link #clear}. */
    public long bodyLength() {
        return bodyLength;
    }

    /**
     * Pads and encrypts what was written, under a key that no other container has.
     *
     * @throws IllegalStateException if it is sealed already
     */
    public Sealed seal() {
        if (sealed) {
            throw new IllegalStateException("sealed already: clear the buffer first");
        }
        sealed = true;
        long plaintext = ContainerLayout.padme(LENGTH + bodyLength);
        long frames = ContainerLayout.frames(plaintext);
        SecretKeySpec key = heads.write(kind, "", bodyDigest.digest(), head);
        storedDigest.update(head);
        for (long frame = 0; frame < frames; frame++) {
            byte[] page = page(frame);
            int at = inPage(frame);
            int plain = (int) Math.min(FRAME, plaintext - frame * FRAME);
            // The pages hold what an earlier container left.
            int written = (int) Math.min(plain, Math.max(0, LENGTH + bodyLength - frame * FRAME));
            Arrays.fill(page, at + written, at + plain, (byte) 0);
            if (frame == 0) {
                Containers.writeLength(page, at, bodyLength);
            }
            cipher.seal(key, frame, frame == frames - 1, page, at, plain);
            storedDigest.update(page, at, plain + TAG);
        }
        long size = ContainerLayout.storedSize(plaintext);
        int mine = generation;
        return new Sealed(
                HexFormat.of().formatHex(storedDigest.digest()), size, () -> new StoredPages(this, mine, size));
    }

    /** Forgets what was written and keeps the room; the next container gets a key of its own. */
    public void clear() {
        generation++;
        bodyDigest.reset();
        storedDigest.reset();
        bodyLength = 0;
        sealed = false;
    }

    /** Copies stored bytes of the sealed container, up to the next border between its head and pages; how many. */
    int copy(int ofGeneration, long position, byte[] into, int off, int len) throws IOException {
        if (ofGeneration != generation) {
            throw new IOException("the container's buffer was cleared");
        }
        byte[] from = position < HEAD ? head : pages.get((int) ((position - HEAD) / PAGE));
        int at = (int) (position < HEAD ? position : (position - HEAD) % PAGE);
        int part = Math.min(len, from.length - at);
        System.arraycopy(from, at, into, off, part);
        return part;
    }

    private byte[] page(long frame) {
        int page = (int) (frame / PAGE_FRAMES);
        if (page == pages.size()) {
            pages.add(new byte[PAGE]);
        }
        return pages.get(page);
    }

    private static int inPage(long frame) {
        return (int) (frame % PAGE_FRAMES) * STORED_FRAME;
    }
}
