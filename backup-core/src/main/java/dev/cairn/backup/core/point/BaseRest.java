package dev.cairn.backup.core.point;

import dev.cairn.backup.spi.ContentSink;
import java.io.IOException;
import java.util.BitSet;

/** What of the content at a point does not come from the log: the base's bytes that are still there, and zeros where neither has anything. Thread-safe. */
final class BaseRest {

    private static final int ZEROS = 256 * 1024;

    private final BitSet written;
    private final int pageSize;
    private final long baseEnd;
    private final long size;

    BaseRest(LogReplay.Outcome log, int pageSize, long baseSize, long size) {
        this.written = log.written();
        this.pageSize = pageSize;
        this.baseEnd = end(log.uncut(), pageSize, baseSize, size);
        this.size = size;
    }

    /** Up to where the base counts, in bytes. */
    static long end(long uncut, int pageSize, long baseSize, long size) {
        long whole = Math.min(baseSize, size);
        return uncut > whole / pageSize ? whole : uncut * pageSize;
    }

    /** Passes on what counts of a piece of the base. */
    void pass(long position, byte[] bytes, int offset, int length, ContentSink sink) throws IOException {
        long end = Math.min(position + length, baseEnd);
        for (long from = position; from < end; ) {
            int page = (int) (from / pageSize);
            int clear = written.nextClearBit(page);
            if (clear > page) {
                from = (long) clear * pageSize;
                continue;
            }
            int set = written.nextSetBit(page);
            long to = set < 0 ? end : Math.min(end, (long) set * pageSize);
            sink.accept(0, from, bytes, offset + (int) (from - position), (int) (to - from));
            from = to;
        }
    }

    /**
     * Where the content has grown beyond the base and no page was written. In a SQLite database these are only the page of the lock bytes, at 1 GiB, and pages that were allocated and freed in
     * one transaction, whose bytes mean nothing.
     */
    void zeros(ContentSink sink) throws IOException {
        byte[] zeros = new byte[(int) Math.min(ZEROS, Math.max(0, size - baseEnd))];
        for (long from = baseEnd; from < size; ) {
            int page = (int) (from / pageSize);
            int clear = written.nextClearBit(page);
            if (clear > page) {
                from = (long) clear * pageSize;
                continue;
            }
            int set = written.nextSetBit(page);
            long to = Math.min(set < 0 ? size : Math.min(size, (long) set * pageSize), from + zeros.length);
            sink.accept(0, from, zeros, 0, (int) (to - from));
            from = to;
        }
    }
}
