package dev.cairn.backup.fs.capture;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.EntryContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A file kept open since the freeze: its inode stays whatever happens to its name. Any number of threads may read it. */
final class PinnedFile implements EntryContent {

    /** Each read is handed to another thread, so it should be worth it. */
    private static final int CHUNK_BYTES = 256 * 1024;

    private final CaptureSpec spec;
    private final Path file;
    private final long length;
    private final FileChannel channel;

    private PinnedFile(CaptureSpec spec, Path file, long length, FileChannel channel) {
        this.spec = spec;
        this.file = file;
        this.length = length;
        this.channel = channel;
    }

    /**
     * @param length the bytes that it holds at the freeze
     */
    static PinnedFile open(CaptureSpec spec, Path file, long length, FileChannel channel) {
        return new PinnedFile(spec, file, length, channel);
    }

    /** With the bytes that it holds now. */
    static PinnedFile open(CaptureSpec spec, Path file) throws IOException {
        FileChannel channel = channel(file);
        try {
            return open(spec, file, FileIo.call(channel::size), channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static FileChannel channel(Path file) throws IOException {
        // Opening does not block, so an interrupt of this thread, which holds the host's lock, does no harm.
        return FileChannel.open(file, Set.of(READ, NOFOLLOW_LINKS));
    }

    @Override
    public InputStream open() {
        return new BoundedStream(spec, file, new Chunks(), length) {

            @Override
            void ended(long missing) {
                if (missing > 0 && spec.consistency() != Consistency.FUZZY) {
                    throw new SourceException(
                            spec.dataset(),
                            file + " had " + length
                                    + " bytes at the freeze and was cut shorter, against its consistency "
                                    + spec.consistency(),
                            "Declare it IN_BARRIER or FS_SNAPSHOT, or let the host replace it by a rename",
                            null);
                }
            }
        };
    }

    /** The file from its beginning. Closing it leaves the file open for others. */
    private final class Chunks extends InputStream {

        private final ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, Math.max(1, length)))
                .limit(0);
        private long position;

        @Override
        public int read() throws IOException {
            return fill() ? chunk.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) throws IOException {
            if (!fill()) {
                return -1;
            }
            int n = Math.min(wanted, chunk.remaining());
            chunk.get(target, offset, n);
            return n;
        }

        private boolean fill() throws IOException {
            if (!chunk.hasRemaining()) {
                chunk.clear();
                try {
                    position += Math.max(0, FileIo.call(() -> channel.read(chunk, position)));
                } finally {
                    chunk.flip();
                }
            }
            return chunk.hasRemaining();
        }
    }

    void close() {
        closeAll(List.of(this));
    }

    /** One way to another thread for all of them. */
    static void closeAll(Collection<PinnedFile> files) {
        try {
            FileIo.call(() -> {
                for (PinnedFile file : files) {
                    file.channel.close();
                }
                return files;
            });
        } catch (IOException e) {
            // They were only read.
        }
    }
}
