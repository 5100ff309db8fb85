package dev.cairn.backup.core.crypto;

import static dev.cairn.backup.core.crypto.ContainerLayout.FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.LENGTH;

import dev.cairn.backup.InvalidValueException;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of one container's body; fetches only the frames that hold them, consecutive ones with one range read. Every byte is authenticated before
 * it is handed out. Thread-safe. Holds at most one frame of plaintext, that of a container which has no other.
 */
public final class ContainerReader {

    /** Frames of one range read: a block of 16 MiB spans 1025, so it takes one read, and no read asks for more than 20 MiB. */
    private static final int MOST_FRAMES = 1280;

    private final StoredRange source;
    private final SecretKeySpec key;
    private final long bodyLength;
    private final long plaintext;
    private final byte @Nullable [] onlyFrame;

    ContainerReader(StoredRange source, SecretKeySpec key, long bodyLength, long plaintext, byte[] firstFrame) {
        this.source = source;
        this.key = key;
        this.bodyLength = bodyLength;
        this.plaintext = plaintext;
        this.onlyFrame = firstFrame.length == plaintext ? firstFrame : null;
    }

    /** The number of bytes of the body. */
    public long bodyLength() {
        return bodyLength;
    }

    /**
     * A part of the body.
     *
     * @throws InvalidValueException if the body has no such part; nothing was allocated
     * @throws dev.cairn.backup.DamagedRepositoryException if a frame is not what was sealed
     */
    public byte[] read(long bodyOffset, int length) {
        checkPart(bodyOffset, length);
        byte[] part = new byte[length];
        read(bodyOffset, part, 0, length);
        return part;
    }

    /**
     * Reads a part of the body into an array. After a failure the array's part is undefined.
     *
     * @throws InvalidValueException if the body has no such part
     * @throws dev.cairn.backup.DamagedRepositoryException if a frame is not what was sealed
     */
    public void read(long bodyOffset, byte[] into, int off, int length) {
        checkPart(bodyOffset, length);
        Objects.checkFromIndexSize(off, length, into.length);
        byte[] only = onlyFrame;
        if (only != null) {
            System.arraycopy(only, (int) bodyOffset + LENGTH, into, off, length);
            return;
        }
        FrameCipher cipher = new FrameCipher();
        long from = bodyOffset + LENGTH;
        long end = from + length;
        while (from < end) {
            long first = from / FRAME;
            long next = Math.min((end - 1) / FRAME + 1, first + MOST_FRAMES);
            long plainEnd = Math.min(next * FRAME, plaintext);
            long storedEnd = Math.min(ContainerLayout.frameAt(next), source.size());
            byte[] stored =
                    source.read(ContainerLayout.frameAt(first), (int) (storedEnd - ContainerLayout.frameAt(first)));
            int part = (int) (Math.min(end, plainEnd) - from);
            cipher.open(
                    key,
                    first,
                    plainEnd == plaintext,
                    stored,
                    0,
                    stored.length,
                    into,
                    off,
                    (int) (from - first * FRAME),
                    part,
                    source.blob().value());
            off += part;
            from += part;
        }
    }

    private void checkPart(long bodyOffset, int length) {
        if (bodyOffset < 0 || length < 0 || bodyOffset > bodyLength - length) {
            throw new InvalidValueException(
                    "part of " + source.blob(),
                    length + " bytes from " + bodyOffset,
                    "what lies within its " + bodyLength + " bytes");
        }
    }
}
