package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.spi.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One staged file: made and written piece by piece, with its holes, in whatever order the pieces come; then read again, given its attributes and forced. A
 * file of one piece is opened and closed once for it. Pieces may come from several threads; settling follows when all have come.
 */
final class StagedFile {

    /** A hole costs an extent, so that short runs of zeros are written; most file systems have blocks of 4 KiB, some of 64 KiB. */
    private static final int HOLE_BYTES = 64 * 1024;

    /** The JDK copies what is written to memory outside the heap first; so much of it stays in the processor's cache. */
    private static final int WRITE_BYTES = 4 * HOLE_BYTES;

    private static final Set<OpenOption> NEW = Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS);
    private static final Set<OpenOption> AGAIN = Set.of(WRITE, NOFOLLOW_LINKS);
    private static final Set<OpenOption> SETTLED = Set.of(READ, WRITE, NOFOLLOW_LINKS);

    private final Path file;
    private final Entry entry;
    private final StagedRights rights;
    private final Semaphore mayStayOpen;
    private final WrittenRuns written = new WrittenRuns();
    private long left;
    private boolean made;
    private boolean holes;
    private @Nullable FileChannel kept;

    /**
     * @param file where it is to be; nothing is made yet
     * @param mayStayOpen a permit is taken while it is kept open for further pieces
     */
    StagedFile(Path file, Entry entry, StagedRights rights, Semaphore mayStayOpen) {
        this.file = file;
        this.entry = entry;
        this.rights = rights;
        this.mayStayOpen = mayStayOpen;
        this.left = entry.size();
    }

    Entry entry() {
        return entry;
    }

    /** The content is not as long as the snapshot says, or a part of it came twice. */
    static final class WrongContentException extends IOException {
        private static final long serialVersionUID = 1L;

        WrongContentException(String problem) {
            super(problem);
        }
    }

    /**
     * Writes a piece.
     *
     * @throws java.nio.file.FileAlreadyExistsException if its name is taken
     * @throws WrongContentException if it does not fit
     */
    synchronized void write(long position, byte[] bytes, int offset, int length) throws IOException {
        if (position < 0 || position > entry.size() - length) {
            throw new WrongContentException("has content from byte " + position + " to " + (position + length));
        }
        if (!written.add(position, bytes, offset, length)) {
            throw new WrongContentException("has two contents for what follows byte " + position);
        }
        left -= length;
        FileChannel channel = kept;
        if (channel == null) {
            channel = open();
        }
        boolean keep = false;
        try {
            write(channel, position, bytes, offset, length);
            if (left == 0 && holes && channel.size() < entry.size()) {
                writeFully(channel, ByteBuffer.wrap(new byte[1]), entry.size() - 1);
            }
            keep = left > 0 && (kept != null || mayStayOpen.tryAcquire());
        } finally {
            if (keep) {
                kept = channel;
            } else {
                close(channel);
            }
        }
    }

    private FileChannel open() throws IOException {
        FileChannel channel =
                made ? FileChannel.open(file, AGAIN) : FileChannel.open(file, NEW, rights.toMake(entry.attributes()));
        made = true;
        return channel;
    }

    private void write(FileChannel channel, long position, byte[] bytes, int offset, int length) throws IOException {
        if (length < HOLE_BYTES) {
            writeFully(channel, ByteBuffer.wrap(bytes, offset, length), position);
        } else {
            writeWithHoles(channel, position, bytes, offset, length);
        }
    }

    private void writeWithHoles(FileChannel channel, long position, byte[] bytes, int offset, int length)
            throws IOException {
        int begin = offset;
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int n = Math.min(HOLE_BYTES, end - at);
            boolean hole = n == HOLE_BYTES && isZero(bytes, at);
            if (hole || at - begin >= WRITE_BYTES) {
                writeFully(channel, ByteBuffer.wrap(bytes, begin, at - begin), position + (begin - offset));
                begin = hole ? at + n : at;
                holes |= hole;
            }
            at += n;
        }
        writeFully(channel, ByteBuffer.wrap(bytes, begin, end - begin), position + (begin - offset));
    }

    private static boolean isZero(byte[] bytes, int at) {
        // Compares the block with itself shifted by one: vectorised by the JIT.
        return bytes[at] == 0 && Arrays.equals(bytes, at, at + HOLE_BYTES - 1, bytes, at + 1, at + HOLE_BYTES);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private void close(FileChannel channel) throws IOException {
        if (channel == kept) {
            kept = null;
            mayStayOpen.release();
        }
        channel.close();
    }

    /** Lets go what is open, for whoever will write no more. */
    synchronized void abandon() throws IOException {
        if (kept != null) {
            close(kept);
        }
    }

    /**
     * The proof that the file holds what was written, attributes, force.
     *
     * @param buffer memory outside the heap that nobody else uses meanwhile
     * @throws WrongContentException if a part of the content never came
     */
    synchronized void settle(AttributeWriter attributes, ByteBuffer buffer) throws IOException {
        if (left > 0) {
            throw new WrongContentException("has " + (entry.size() - left) + " bytes of content");
        }
        if (!made) {
            open().close();
        }
        try (FileChannel channel = FileChannel.open(file, SETTLED)) {
            verify(channel, buffer);
            attributes.applyToMade(file, entry.attributes(), rights);
            channel.force(true);
        }
    }

    private void verify(FileChannel channel, ByteBuffer buffer) throws IOException {
        boolean right = channel.size() == entry.size();
        for (WrittenRuns.Run run : written.inOrder()) {
            right = right && crc(channel, run.length(), buffer) == run.crc();
        }
        if (!right) {
            throw new IOException(file + " does not hold what was written to it: check the disk");
        }
    }

    private long crc(FileChannel channel, long length, ByteBuffer buffer) throws IOException {
        CRC32C crc = new CRC32C();
        for (long unread = length; unread > 0; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), unread));
            int n = channel.read(buffer);
            if (n < 0) {
                throw new EOFException(file + " ended while it was read again");
            }
            crc.update(buffer.flip());
            unread -= n;
        }
        return crc.getValue();
    }
}
