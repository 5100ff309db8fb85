package dev.cairn.backup.sqlite.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.ContentSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One new file, readable by the owner only, written piece by piece by whichever threads have them. Nobody may interrupt these threads: a channel that is used by an interrupted one is closed
 * for all.
 */
final class StagedPieces implements ContentSink, AutoCloseable {

    /** The JDK copies what is written to memory outside the heap first; so much of it stays in the processor's cache. */
    private static final int WRITE_BYTES = 256 * 1024;

    private final Path file;
    private final long size;
    private final CancellationToken cancellation;
    private final AtomicBoolean interrupted;
    private final FileChannel channel;

    /** Where each gapless run of written bytes begins and ends. */
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    /** What was handed out is not what the snapshot says it holds. */
    static final class WrongContentException extends IOException {
        private static final long serialVersionUID = 1L;

        WrongContentException(String problem) {
            super(problem);
        }
    }

    private StagedPieces(
            Path file, long size, CancellationToken cancellation, AtomicBoolean interrupted, FileChannel channel) {
        this.file = file;
        this.size = size;
        this.cancellation = cancellation;
        this.interrupted = interrupted;
        this.channel = channel;
    }

    /**
     * Makes the file.
     *
     * @param size what it is to hold, in bytes
     * @param interrupted becomes true when the caller is interrupted: ends the writing as the token would
     * @throws java.nio.file.FileAlreadyExistsException if there is something of that name
     */
    static StagedPieces create(Path file, long size, CancellationToken cancellation, AtomicBoolean interrupted)
            throws IOException {
        FileChannel channel = FileChannel.open(
                file, Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS), DurableFiles.ownerOnly(file, "rw-------"));
        return new StagedPieces(file, size, cancellation, interrupted, channel);
    }

    @Override
    public void accept(int index, long position, byte[] bytes, int offset, int length) throws IOException {
        requireWanted();
        if (position < 0 || position > size - length) {
            throw new WrongContentException(
                    "has content from byte " + position + " to " + (position + length) + " and only " + size);
        }
        note(position, position + length);
        for (int written = 0; written < length; ) {
            ByteBuffer part = ByteBuffer.wrap(bytes, offset + written, Math.min(WRITE_BYTES, length - written));
            written += channel.write(part, position + written);
        }
    }

    private synchronized void note(long begin, long end) throws WrongContentException {
        Map.Entry<Long, Long> before = runs.floorEntry(begin);
        Long after = runs.ceilingKey(begin);
        if ((before != null && before.getValue() > begin) || (after != null && after < end)) {
            throw new WrongContentException("has two contents for what follows byte " + begin);
        }
        boolean joins = before != null && before.getValue() == begin;
        Long joined = runs.remove(end);
        runs.put(joins ? before.getKey() : begin, joined == null ? end : joined);
    }

    /**
     * Forces what was written.
     *
     * @throws WrongContentException if a part never came
     */
    void finish() throws IOException {
        requireWanted();
        requireWhole();
        channel.force(true);
    }

    private synchronized void requireWhole() throws WrongContentException {
        long held = runs.entrySet().stream()
                .mapToLong(run -> run.getValue() - run.getKey())
                .sum();
        if (held != size) {
            throw new WrongContentException("has " + held + " bytes of content instead of " + size);
        }
    }

    private void requireWanted() {
        if (interrupted.get() || cancellation.isCancelled()) {
            throw new BackupCancelledException("Staging " + file);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
