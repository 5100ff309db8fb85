package dev.cairn.backup.core.packed.copy;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.spi.BlobName;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hands on a blob that is named by its SHA-256, and fails before its end if it is something else. */
final class HashedStream extends FilterInputStream {

    private final MessageDigest sha;
    private final BlobName name;
    private boolean ended;

    HashedStream(InputStream in, BlobName name) {
        super(in);
        this.name = name;
        try {
            this.sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int off, int len) throws IOException {
        int n = super.read(into, off, len);
        if (n > 0) {
            sha.update(into, off, n);
        } else if (n < 0 && !ended && !HexFormat.of().formatHex(sha.digest()).equals(name.lastComponent())) {
            throw new DamagedRepositoryException(name.value(), "is not what its name says", null);
        }
        ended |= n < 0;
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        return readNBytes((int) Math.min(n, 8192)).length; // What is skipped counts for the hash as well.
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
