package dev.cairn.backup.core.point;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The content at a point from its beginning to its end: the base's stream with the changed pages in their places, and zeros where neither has anything. */
final class PointStream extends InputStream {

    /** Bytes of changed pages that are held at a time: few enough for a small heap, and so many that most logs are read twice only. */
    static final int HELD = 32 << 20;

    private final InputStream base;
    private final long baseEnd;
    private final long size;
    private final ChangedPages changed;
    private final int atATime;
    private final byte[] skipped = new byte[64 * 1024];
    private long position;
    private long basePosition;
    private int next;
    private byte[] held = new byte[0];
    private int heldFrom;
    private int heldTo;

    /**
     * @param baseEnd up to where the base counts, in bytes
     * @param held bytes of changed pages that are held at a time, at least a page
     */
    PointStream(InputStream base, long baseEnd, long size, ChangedPages changed, int held) {
        this.base = base;
        this.baseEnd = baseEnd;
        this.size = size;
        this.changed = changed;
        this.atATime = Math.max(1, held / changed.pageSize());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == size) {
            skipBase(Long.MAX_VALUE); // Its end is where it verifies itself.
            return -1;
        }
        int pageSize = changed.pageSize();
        long page = position / pageSize;
        if (next < changed.count() && changed.page(next) < page) {
            next++;
        }
        int count;
        if (next < changed.count() && changed.page(next) == page) {
            int within = (int) (position - page * pageSize);
            count = Math.min(length, pageSize - within);
            hold();
            System.arraycopy(held, (next - heldFrom) * pageSize + within, buffer, offset, count);
        } else {
            long end = next < changed.count() ? (long) changed.page(next) * pageSize : size;
            count = unchanged(buffer, offset, (int) Math.min(length, end - position));
        }
        position += count;
        return count;
    }

    private void hold() {
        if (next >= heldTo) {
            heldFrom = next;
            heldTo = (int) Math.min(changed.count(), (long) next + atATime);
            held = new byte[0]; // Not both at a time.
            held = changed.load(heldFrom, heldTo);
        }
    }

    private int unchanged(byte[] buffer, int offset, int length) throws IOException {
        if (position >= baseEnd) {
            Arrays.fill(buffer, offset, offset + length, (byte) 0);
            return length;
        }
        skipBase(position);
        int count = base.read(buffer, offset, (int) Math.min(length, baseEnd - position));
        if (count < 0) {
            throw new EOFException("the base ends at " + basePosition + ", before " + baseEnd);
        }
        basePosition += count;
        return count;
    }

    /** Reads on, because some streams verify what is read and not what is skipped. */
    private void skipBase(long to) throws IOException {
        while (basePosition < to) {
            int count = base.read(skipped, 0, (int) Math.min(skipped.length, to - basePosition));
            if (count < 0) {
                return;
            }
            basePosition += count;
        }
    }

    @Override
    public void close() throws IOException {
        base.close();
    }
}
