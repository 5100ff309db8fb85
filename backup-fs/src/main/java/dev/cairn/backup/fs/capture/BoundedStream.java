package dev.cairn.backup.fs.capture;

import java.io.IOException;
import java.io.InputStream;

/** Hands out at most so many bytes and tells how the end came. Closing it closes what it reads from. */
abstract class BoundedStream extends InputStream {

    private long left;
    private boolean ended;

    BoundedStream(long length) {
        left = length;
    }

    /** As {@link InputStream#read(byte[], int, int)}, never asked beyond the length. */
    abstract int readSome(byte[] target, int offset, int length) throws IOException;

    /**
     * The end was reached; called once.
     *
     * @param missing the bytes that the source did not have
     */
    abstract void ended(long missing) throws IOException;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int n = left == 0 ? -1 : readSome(target, offset, (int) Math.min(length, left));
        if (n < 0) {
            if (!ended) {
                ended = true;
                ended(left);
            }
            return -1;
        }
        left -= n;
        return n;
    }
}
