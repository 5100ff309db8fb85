package dev.cairn.backup.core.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The bytes of a sealed {@link ContainerBuffer}, from the beginning. Reading fails, never ends early, once the buffer is cleared. */
final class StoredPages extends InputStream {

    private final ContainerBuffer buffer;
    private final int generation;
    private final long size;
    private long position;

    StoredPages(ContainerBuffer buffer, int generation, long size) {
        this.buffer = buffer;
        this.generation = generation;
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        if (len == 0) {
            return 0;
        }
        int want = (int) Math.min(len, size - position);
        if (want == 0) {
            return -1;
        }
        int part = buffer.copy(generation, position, b, off, want);
        position += part;
        return part;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, size - position);
    }
}
