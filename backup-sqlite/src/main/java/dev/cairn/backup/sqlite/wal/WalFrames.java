package dev.cairn.backup.sqlite.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads the frames of one generation in order, each proven by the chain of checksums before it is handed out. For one thread.
 *
 * <p>The caller must know that the frames it asks for are committed. A writer that spills its cache overwrites its own uncommitted frames in place (wal.c, walFrames,
 * {@code iReCksum}), and a commit frame that is in the file may still be taken back, when the sync after it fails or its process is killed before it has told
 * the {@code -shm}.
 */
public final class WalFrames {

    static final int FRAME_HEADER = 24;

    private static final int BUFFER = 1 << 20;

    private final FileChannel channel;
    private final WalHeader header;
    private final int last;
    private final byte[] buffer;

    private int frame;
    private long checksum;
    private int at;
    private int filled;

    WalFrames(FileChannel channel, WalHeader header, WalPlace after, int last) {
        this.channel = channel;
        this.header = header;
        this.frame = after.frame();
        this.checksum = after.checksum();
        this.last = last;
        long wanted = (long) (last - frame) * header.frameBytes();
        int whole = Math.max(1, BUFFER / header.frameBytes()) * header.frameBytes();
        this.buffer = new byte[(int) Math.min(Math.max(wanted, 0), whole)];
        this.at = -header.frameBytes();
    }

    /**
     * Goes on to the next frame.
     *
     * @return false behind the last one that was asked for
     * @throws BrokenLogException if it is not what must follow
     */
    public boolean next() throws IOException {
        if (frame >= last) {
            return false;
        }
        at += header.frameBytes();
        if (at == filled) {
            fill();
        }
        int number = frame + 1;
        if (WalChecksum.word(buffer, at + 8) != header.salt1() || WalChecksum.word(buffer, at + 12) != header.salt2()) {
            throw new BrokenLogException(number, "is of another generation");
        }
        long sum = WalChecksum.over(header.bigEndian(), buffer, at, 8, checksum);
        sum = WalChecksum.over(header.bigEndian(), buffer, at + FRAME_HEADER, header.pageSize(), sum);
        if (sum != WalChecksum.stored(buffer, at + 16)) {
            throw new BrokenLogException(number, "does not continue the chain of checksums");
        }
        if (page() == 0) {
            throw new BrokenLogException(number, "names no page");
        }
        checksum = sum;
        frame = number;
        return true;
    }

    private void fill() throws IOException {
        int wanted = (int) Math.min(buffer.length, (long) (last - frame) * header.frameBytes());
        ByteBuffer into = ByteBuffer.wrap(buffer, 0, wanted);
        long from = header.bytes(frame);
        while (into.hasRemaining()) {
            int read = channel.read(into, from + into.position());
            if (read < 0) {
                break;
            }
        }
        filled = into.position() - into.position() % header.frameBytes();
        at = 0;
        if (filled == 0) {
            throw new BrokenLogException(frame + 1, "is not there whole");
        }
    }

    /** The number of the page that the frame holds, from 1. */
    public int page() {
        return WalChecksum.word(buffer, at);
    }

    /** How many pages the database has behind this frame, if it ends a transaction; else 0. */
    public long commitSize() {
        return WalChecksum.word(buffer, at + 4) & 0xffffffffL;
    }

    /** Copies the frame's page. */
    public void copyPage(byte[] into, int offset) {
        System.arraycopy(buffer, at + FRAME_HEADER, into, offset, header.pageSize());
    }

    /** Behind the frame. */
    public WalPlace place() {
        return new WalPlace(header.salt1(), header.salt2(), frame, checksum);
    }
}
