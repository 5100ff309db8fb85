package dev.cairn.backup.core.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;

/**
 * Decrypts what {@link SealedOutput} wrote. What it hands out is not to be trusted before all was read and {@link #requireMac} has passed. Closes nothing.
 */
final class SealedInput extends InputStream {

    private static final int PIECE = 64 * 1024;

    private final InputStream in;
    private final ArchiveKey.Derived key;
    private final byte[] sealed = new byte[PIECE];
    private final byte[] plain = new byte[PIECE + 32];
    private int next;
    private int end;
    private boolean ended;

    /** @throws DamagedArchiveException if it does not begin as an encrypted archive */
    SealedInput(InputStream in, ArchiveKey key) throws IOException {
        byte[] head = head(in);
        this.in = in;
        this.key = key.derive(Cipher.DECRYPT_MODE, salt(head));
        this.key.mac().update(head);
    }

    /** Reads the head of an encrypted archive: mark and salt. */
    static byte[] head(InputStream in) throws IOException {
        byte[] head = in.readNBytes(SealedOutput.MAGIC.length + SealedOutput.SALT);
        if (!isSealed(head) || head.length < SealedOutput.MAGIC.length + SealedOutput.SALT) {
            throw DamagedArchiveException.whole("is not encrypted, though a key was given", null);
        }
        return head;
    }

    static byte[] salt(byte[] head) {
        return Arrays.copyOfRange(head, SealedOutput.MAGIC.length, head.length);
    }

    static boolean isSealed(byte[] head) {
        int length = SealedOutput.MAGIC.length;
        return head.length >= length && Arrays.equals(head, 0, length, SealedOutput.MAGIC, 0, length);
    }

    @Override
    public int read() throws IOException {
        return fill() ? plain[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, end - next);
        System.arraycopy(plain, next, into, offset, count);
        next += count;
        return count;
    }

    private boolean fill() throws IOException {
        try {
            while (next == end && !ended) {
                int count = in.read(sealed, 0, PIECE);
                next = 0;
                if (count < 0) {
                    ended = true;
                    end = key.cipher().doFinal(plain, 0);
                } else {
                    key.mac().update(sealed, 0, count);
                    end = key.cipher().update(sealed, 0, count, plain, 0);
                }
            }
        } catch (GeneralSecurityException e) {
            end = next;
            throw DamagedArchiveException.whole("was cut or altered: its last block does not decrypt", e);
        }
        return next < end;
    }

    /**
     * Compares the MAC; all must have been read.
     *
     * @throws DamagedArchiveException if it is another
     */
    void requireMac(String expected) {
        if (!ended) {
            throw new IllegalStateException("the archive was not read to its end");
        }
        if (!MessageDigest.isEqual(HexFormat.of().parseHex(expected), key.mac().doFinal())) {
            throw DamagedArchiveException.whole(
                    "does not match its MAC, so it was altered, or the MAC is another's", null);
        }
    }
}
