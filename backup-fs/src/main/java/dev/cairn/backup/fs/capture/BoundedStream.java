package dev.cairn.backup.fs.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Reads a file of a capture, hands out at most so many bytes and tells how the end came. Closing it closes what it reads from. */
abstract class BoundedStream extends InputStream {

    private final CaptureSpec spec;
    private final Path file;
    private final InputStream in;
    private long left;
    private boolean ended;

    /**
     * @param file for messages
     * @param in what is read, never beyond the length
     */
    BoundedStream(CaptureSpec spec, Path file, InputStream in, long length) {
        this.spec = spec;
        this.file = file;
        this.in = in;
        this.left = length;
    }

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

    /** @throws dev.cairn.backup.SourceException if the file cannot be read */
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

    private int readSome(byte[] target, int offset, int length) {
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            throw spec.unreadable(file, e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
