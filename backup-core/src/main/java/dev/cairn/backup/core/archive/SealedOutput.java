package dev.cairn.backup.core.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;

/** Encrypts in the form of {@code openssl enc}: {@code Salted__}, 8 bytes of salt, AES-256-CBC. Takes the MAC of what it writes. Closes nothing. */
final class SealedOutput extends OutputStream {

    static final byte[] MAGIC = "Salted__".getBytes(StandardCharsets.US_ASCII);
    static final int SALT = 8;
    private static final int PIECE = 64 * 1024;

    private final OutputStream out;
    private final ArchiveKey.Derived key;
    private final byte[] sealed = new byte[PIECE + 32];

    SealedOutput(OutputStream out, ArchiveKey key) throws IOException {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        this.out = out;
        this.key = key.derive(Cipher.ENCRYPT_MODE, salt);
        put(MAGIC, MAGIC.length);
        put(salt, SALT);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += PIECE) {
            int piece = Math.min(PIECE, length - done);
            try {
                put(sealed, key.cipher().update(bytes, offset + done, piece, sealed, 0));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the buffer has room for a piece and a block", e);
            }
        }
    }

    /** Writes the last block; answers the MAC of all that was written, in hexadecimal. */
    String finish() throws IOException {
        try {
            put(sealed, key.cipher().doFinal(sealed, 0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("padding needs one block", e);
        }
        return HexFormat.of().formatHex(key.mac().doFinal());
    }

    private void put(byte[] bytes, int length) throws IOException {
        key.mac().update(bytes, 0, length);
        out.write(bytes, 0, length);
    }
}
