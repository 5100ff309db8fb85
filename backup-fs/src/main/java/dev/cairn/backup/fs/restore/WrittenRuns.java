package dev.cairn.backup.fs.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which parts of a file were written, and what must be read there again. A piece that begins where another ended goes on with its run, so that a file whose
 * pieces come nearly in order has few of them, however long it is. For one thread at a time.
 *
 * <p>CRC-32C finds what a disk, a file system or a mix-up of positions can do to bytes that were verified before they came here, and the processor has an
 * instruction for it.
 */
final class WrittenRuns {

    /** Without gaps written from a position on; how far, and what. */
    static final class Run {

        private final long begin;
        private final CRC32C crc = new CRC32C();
        private long end;

        private Run(long begin) {
            this.begin = begin;
            this.end = begin;
        }

        long length() {
            return end - begin;
        }

        long crc() {
            return crc.getValue();
        }
    }

    /** In the order of their positions. */
    private final List<Run> runs = new ArrayList<>(1);

    /**
     * Adds a piece.
     *
     * @return whether it was free: false if a part of it had been written before; then nothing is added
     */
    boolean add(long position, byte[] bytes, int offset, int length) {
        int after = firstFrom(position);
        Run run = after == 0 ? null : runs.get(after - 1);
        if ((run != null && run.end > position) || (after < runs.size() && runs.get(after).begin < position + length)) {
            return false;
        }
        if (run == null || run.end < position) {
            run = new Run(position);
            runs.add(after, run);
        }
        run.crc.update(bytes, offset, length);
        run.end += length;
        return true;
    }

    /** The index of the first run that begins at the position or after it. */
    private int firstFrom(long position) {
        int low = 0;
        int high = runs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).begin < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The runs one after the other. They do not overlap; if they add up to the size of the file there is no gap either. */
    List<Run> inOrder() {
        return runs;
    }
}
