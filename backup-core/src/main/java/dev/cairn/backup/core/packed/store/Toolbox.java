package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.pack.BlockCodec;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Hashers and codecs, each for one thread at a time, kept for the next that needs them: they hold native memory and large buffers. Thread-safe. */
public final class Toolbox implements AutoCloseable {

    private final byte[] chunkIdKey;
    private final ConcurrentLinkedQueue<Tools> free = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** What one thread needs to make and to read chunks. Closing it gives it back. */
    public final class Tools implements AutoCloseable {

        private final ChunkHasher hasher = new ChunkHasher(chunkIdKey);
        private final BlockCodec codec = new BlockCodec();

        /** Makes chunk ids. */
        public ChunkHasher hasher() {
            return hasher;
        }

        /** Makes and reads blocks. */
        public BlockCodec codec() {
            return codec;
        }

        @Override
        public void close() {
            if (closed) {
                codec.close();
            } else {
                free.add(this);
            }
        }
    }

    /** Tools for chunks of that key. */
    public Toolbox(byte[] chunkIdKey) {
        this.chunkIdKey = chunkIdKey.clone();
    }

    /** Tools that nobody else uses until they are closed. */
    public Tools borrow() {
        Tools tools = free.poll();
        return tools == null ? new Tools() : tools;
    }

    @Override
    public void close() {
        closed = true;
        for (Tools tools = free.poll(); tools != null; tools = free.poll()) {
            tools.codec().close();
        }
    }
}
