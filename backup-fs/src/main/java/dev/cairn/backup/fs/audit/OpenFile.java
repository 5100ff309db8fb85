package dev.cairn.backup.fs.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Set;

/**
 * The file that lines are appended to. What is in it up to {@link #length} is durable. Not thread-safe; used by the library's own threads, which nobody
 * interrupts.
 */
final class OpenFile {

    private final FileChannel channel;
    private final long opening;
    private final Instant begun;
    private long length;
    private boolean broken;

    private OpenFile(FileChannel channel, Recovery.Tail tail) {
        this.channel = channel;
        this.opening = tail.opening();
        this.begun = tail.begun();
        this.length = tail.length();
    }

    static OpenFile of(Recovery.Tail tail) throws IOException {
        return new OpenFile(FileChannel.open(tail.file().path(), Set.of(WRITE, NOFOLLOW_LINKS)), tail);
    }

    /** How much of it is durable. */
    long length() {
        return length;
    }

    /** How much of that are lines that were appended to it. */
    long linesLength() {
        return length - opening;
    }

    /** The time of its first line. */
    Instant begun() {
        return begun;
    }

    /**
     * Appends bytes and forces them.
     *
     * @throws IOException if that failed; call {@link #mend} before anything else
     */
    void append(byte[] bytes) throws IOException {
        broken = true;
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest, length + rest.position());
        }
        channel.force(true);
        length += bytes.length;
        broken = false;
    }

    /**
     * Cuts off what a failed append left. After a force that failed this is no second try: what comes next is written anew over the same place, and that is
     * forced.
     */
    void mend() throws IOException {
        if (broken) {
            channel.truncate(length);
            channel.force(true);
            broken = false;
        }
    }

    void close() throws IOException {
        channel.close();
    }
}
