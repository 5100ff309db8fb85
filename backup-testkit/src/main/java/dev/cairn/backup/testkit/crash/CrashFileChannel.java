package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A channel that does what the real one does and puts what changes the disk into the log. The inode stays its own when its name moves. */
final class CrashFileChannel extends FileChannel {

    /** A step that a channel takes when it is closed. */
    @FunctionalInterface
    interface OnClose {
        void closed() throws IOException;
    }

    private final FileChannel real;
    private final OperationLog log;
    private final Faults faults;
    private final int inode;
    private final String path;
    private final boolean append;
    private final OnClose onClose;

    CrashFileChannel(
            FileChannel real,
            OperationLog log,
            Faults faults,
            int inode,
            String path,
            boolean append,
            OnClose onClose) {
        this.real = real;
        this.log = log;
        this.faults = faults;
        this.inode = inode;
        this.path = path;
        this.append = append;
        this.onClose = onClose;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        beforeRead();
        return real.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        beforeRead();
        return real.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        beforeRead();
        return real.read(target, position);
    }

    private void beforeRead() throws IOException {
        synchronized (log) {
            faults.beforeCall(path);
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        synchronized (log) {
            long position = append ? real.size() : real.position();
            ByteBuffer fitting = fitting(source);
            return recorded(source, position, real.write(fitting));
        }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        synchronized (log) {
            // pwrite(2) on a file that was opened for appending appends on Linux, whatever the position.
            long at = append ? real.size() : position;
            ByteBuffer fitting = fitting(source);
            return recorded(source, at, real.write(fitting, position));
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = 0;
        for (ByteBuffer source : Arrays.asList(sources).subList(offset, offset + length)) {
            int wanted = source.remaining();
            int count = write(source);
            written += count;
            if (count < wanted) {
                break;
            }
        }
        return written;
    }

    private ByteBuffer fitting(ByteBuffer source) throws IOException {
        int length = faults.beforeWrite(path, source.remaining());
        return source.duplicate().limit(source.position() + length);
    }

    private int recorded(ByteBuffer source, long position, int count) {
        byte[] bytes = new byte[count];
        source.duplicate().get(bytes);
        source.position(source.position() + count);
        if (count > 0) {
            log.add(new Operation.Write(inode, path, position, bytes));
        }
        return count;
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        real.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        synchronized (log) {
            boolean shrinks = size < real.size();
            faults.beforeOperation("truncate " + path);
            real.truncate(size);
            if (shrinks) {
                log.add(new Operation.Truncate(inode, path, size));
            }
        }
        return this;
    }

    /** The real file is not forced: what is durable is decided by the log, and a test need not wait for a disk. */
    @Override
    public void force(boolean metaData) throws IOException {
        synchronized (log) {
            if (!real.isOpen()) {
                throw new ClosedChannelException();
            }
            if (faults.forceFails(path)) {
                log.add(new Operation.ForceFailed(inode, path));
                throw new IOException("injected: Input/output error while forcing " + path);
            }
            log.add(new Operation.Force(inode, path));
        }
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, 64 << 10));
        long done = 0;
        while (done < count) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
            if (source.read(buffer) <= 0) {
                break;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                done += write(buffer, position + done);
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        if (mode == MapMode.READ_WRITE) {
            throw new UnsupportedOperationException("writes through memory cannot be recorded");
        }
        return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        synchronized (log) {
            real.close();
            onClose.closed();
        }
    }
}
