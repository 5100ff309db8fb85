package dev.cairn.backup.core.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** One content out of a spool's file; before it reports the end it compares the digest, for scratch may be on a disk that rots. */
final class SpooledContent extends InputStream {

    private final InputStream file;
    private final byte[] expected;
    private final String entry;
    private final MessageDigest sha256 = EntryDigest.sha256();
    private long left;
    private boolean checked;

    SpooledContent(InputStream file, long start, long size, byte[] expected, String entry) throws IOException {
        this.file = file;
        this.left = size;
        this.expected = expected;
        this.entry = entry;
        try {
            file.skipNBytes(start);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            check();
            return -1;
        }
        int count = file.read(into, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new IOException("the scratch file of an import was cut in " + entry);
        }
        sha256.update(into, offset, count);
        left -= count;
        return count;
    }

    private void check() throws IOException {
        if (!checked && !MessageDigest.isEqual(expected, sha256.digest())) {
            throw new IOException("the scratch file of an import gives back other bytes of " + entry);
        }
        checked = true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
