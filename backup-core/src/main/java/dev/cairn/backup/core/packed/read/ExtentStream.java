package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.listing.Extent;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The bytes of one file, chunk after chunk. For one thread. */
final class ExtentStream extends InputStream {

    private final ChunkSource chunks;
    private final List<Extent> extents;
    private int next;
    private byte[] chunk = new byte[0];
    private int at;
    private int end;

    ExtentStream(ChunkSource chunks, List<Extent> extents) {
        this.chunks = chunks;
        this.extents = extents;
    }

    @Override
    public int read() {
        return fill() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int off, int len) {
        Objects.checkFromIndexSize(off, len, into.length);
        if (len == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(len, end - at);
        System.arraycopy(chunk, at, into, off, n);
        at += n;
        return n;
    }

    @Override
    public int available() {
        return end - at;
    }

    private boolean fill() {
        if (at < end) {
            return true;
        }
        if (next == extents.size()) {
            return false;
        }
        Extent extent = extents.get(next);
        boolean same = next > 0 && extents.get(next - 1).chunk().equals(extent.chunk());
        if (!same) {
            chunk = chunks.get(extent.chunk());
        }
        PackedDataset.requireWithin(extent, chunk.length);
        at = extent.offset();
        end = extent.offset() + extent.length();
        next++;
        return true;
    }
}
