package dev.cairn.backup.core.crypto;

import static dev.cairn.backup.core.crypto.ContainerLayout.FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.STORED_FRAME;
import static dev.cairn.backup.core.crypto.ContainerLayout.TAG;

import dev.cairn.backup.DamagedRepositoryException;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts frames of containers, for one thread at a time. One {@link Cipher} serves for all: the JDK expands an AES key again only when it
 * differs from the one before.
 */
final class FrameCipher {

    private final Cipher cipher = Algorithms.aesGcm();
    private byte @Nullable [] scratch;

    /** Encrypts a frame in place; its tag goes behind it. */
    void seal(SecretKeySpec key, long frame, boolean last, byte[] bytes, int off, int length) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(frame, last));
            cipher.doFinal(bytes, off, length, bytes, off);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame could not be encrypted", e);
        }
    }

    /**
     * Decrypts consecutive frames and hands out a part of their plaintext; every frame is authenticated, whether the part needs it or not.
     *
     * @param first the number of the first frame in {@code stored}
     * @param endsContainer whether the last of them is the last of the container
     * @param skip how much of the frames' plaintext lies before the part
     */
    void open(
            SecretKeySpec key,
            long first,
            boolean endsContainer,
            byte[] stored,
            int off,
            int length,
            byte[] into,
            int intoOff,
            int skip,
            int part,
            String blob) {
        int end = off + length;
        int position = -skip; // of the frame's plaintext, from the beginning of the part
        long frame = first;
        for (int at = off; at < end; at += STORED_FRAME, frame++) {
            int size = Math.min(STORED_FRAME, end - at);
            boolean last = endsContainer && at + size == end;
            int plain = size - TAG;
            if (position >= 0 && position + plain <= part) {
                // Not in place: the JDK would decrypt into an array of its own and copy.
                decrypt(key, frame, last, stored, at, size, into, intoOff + position, blob);
            } else {
                byte[] whole = scratch();
                decrypt(key, frame, last, stored, at, size, whole, 0, blob);
                int from = Math.max(position, 0);
                int to = Math.min(position + plain, part);
                if (from < to) {
                    System.arraycopy(whole, from - position, into, intoOff + from, to - from);
                }
            }
            position += plain;
        }
    }

    private void decrypt(
            SecretKeySpec key,
            long frame,
            boolean last,
            byte[] in,
            int off,
            int size,
            byte[] out,
            int at,
            String blob) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(frame, last));
            cipher.doFinal(in, off, size, out, at);
        } catch (AEADBadTagException e) {
            throw new DamagedRepositoryException(blob, "has a damaged frame " + frame, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame could not be decrypted", e);
        }
    }

    private byte[] scratch() {
        byte[] made = scratch;
        if (made == null) {
            made = new byte[FRAME];
            scratch = made;
        }
        return made;
    }

    /** u88 number, u8 last: the STREAM construction. The spec copies it. */
    private static GCMParameterSpec nonce(long frame, boolean last) {
        byte[] nonce = new byte[12];
        for (int i = 0; i < 8; i++) {
            nonce[10 - i] = (byte) (frame >>> (8 * i));
        }
        nonce[11] = (byte) (last ? 1 : 0);
        return new GCMParameterSpec(8 * TAG, nonce);
    }
}
