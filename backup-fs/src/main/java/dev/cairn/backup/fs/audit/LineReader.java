package dev.cairn.backup.fs.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.cairn.backup.fs.audit.RawLine.End;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines of one file, one after another, in the memory of one line. Not thread-safe; not to be used by a thread that may be interrupted. */
final class LineReader implements Closeable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final AuditFile file;
    private final FileChannel channel;
    private final long limit;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long filled;
    private long position;
    private long number;

    private LineReader(AuditFile file, FileChannel channel, long limit) {
        this.file = file;
        this.channel = channel;
        this.limit = limit;
    }

    /**
     * Opens the file.
     *
     * @param limit how many of its bytes are read at most
     */
    static LineReader open(AuditFile file, long limit) throws IOException {
        return new LineReader(file, FileChannel.open(file.path(), Set.of(READ, NOFOLLOW_LINKS)), limit);
    }

    /** The next line, or null at the end of the file. */
    @Nullable
    RawLine next() throws IOException {
        long start = position;
        boolean tooLong = false;
        line.reset();
        while (buffer.hasRemaining() || fill()) {
            byte b = buffer.get();
            position++;
            if (b == '\n') {
                return line(start, tooLong ? End.TOO_LONG : End.COMPLETE);
            }
            if (line.size() < RawLine.MAX_BYTES - 1) {
                line.write(b);
            } else {
                tooLong = true;
            }
        }
        return position == start ? null : line(start, tooLong ? End.TOO_LONG : End.TORN);
    }

    private RawLine line(long start, End end) {
        return new RawLine(file.name(), file.first(), ++number, start, line.toByteArray(), end);
    }

    private boolean fill() throws IOException {
        long wanted = Math.min(BUFFER_BYTES, limit - filled);
        if (wanted <= 0) {
            return false;
        }
        int read = channel.read(buffer.clear().limit((int) wanted));
        filled += Math.max(read, 0);
        buffer.flip();
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
