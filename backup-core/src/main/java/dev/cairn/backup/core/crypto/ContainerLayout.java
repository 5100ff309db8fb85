package dev.cairn.backup.core.crypto;

/** Sizes and positions in a container. */
final class ContainerLayout {

    /** Magic, version, suite, kind, epoch, repository id and salt: what the key is derived from. */
    static final int PREFIX = 64;

    /** The prefix and the commitment. */
    static final int HEAD = 96;

    /** Plaintext of a frame. */
    static final int FRAME = 16 * 1024;

    static final int TAG = 16;

    /** A frame as it is stored. */
    static final int STORED_FRAME = FRAME + TAG;

    /** The body's length, before the body. */
    static final int LENGTH = 8;

    /** The longest plaintext: 2^32 frames. */
    static final long MOST = FRAME * (1L << 32);

    private ContainerLayout() {}

    /** The padded length of a plaintext of at least 2 bytes (Padmé, Nikitin et al. 2019, algorithm 1). */
    static long padme(long length) {
        int e = 63 - Long.numberOfLeadingZeros(length);
        int s = 32 - Integer.numberOfLeadingZeros(e);
        long mask = (1L << (e - s)) - 1;
        return (length + mask) & ~mask;
    }

    /** The number of frames of a plaintext. */
    static long frames(long plaintext) {
        return Math.max(1, (plaintext + FRAME - 1) / FRAME);
    }

    /** The size of a container with such a plaintext. */
    static long storedSize(long plaintext) {
        return HEAD + plaintext + frames(plaintext) * TAG;
    }

    /** The plaintext's length in a container of this size, or -1 if none has it. */
    static long plaintext(long storedSize) {
        long framed = storedSize - HEAD;
        if (framed < LENGTH + TAG) {
            return -1;
        }
        long frames = (framed - 1) / STORED_FRAME + 1;
        long last = framed - (frames - 1) * STORED_FRAME - TAG;
        long plaintext = (frames - 1) * FRAME + last;
        return last < 1 || plaintext > MOST ? -1 : plaintext;
    }

    /** Where a frame begins. */
    static long frameAt(long frame) {
        return HEAD + frame * STORED_FRAME;
    }
}
