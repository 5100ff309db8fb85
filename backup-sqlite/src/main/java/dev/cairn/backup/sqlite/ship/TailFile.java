package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.ScratchSpace.ScratchFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A scratch file of slots of one page each. Slots are taken and given back by one thread at a time; those that nobody changes may be read by any. */
final class TailFile implements AutoCloseable {

    private final ScratchFile place;
    private final FileChannel channel;
    private final int pageSize;
    private final int most;
    private int[] free = new int[16];
    private int freeCount;
    private int used;

    private TailFile(ScratchFile place, FileChannel channel, int pageSize, long bytes) {
        this.place = place;
        this.channel = channel;
        this.pageSize = pageSize;
        this.most = (int) Math.min(Integer.MAX_VALUE, bytes / pageSize);
    }

    /**
     * Makes one.
     *
     * @param bytes the most that it may hold
     * @throws dev.cairn.backup.BackupException if there is no room
     */
    static TailFile in(ScratchSpace scratch, int pageSize, long bytes) throws IOException {
        ScratchFile place = scratch.reserve("pages", bytes);
        try {
            FileChannel channel = FileChannel.open(
                    place.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new TailFile(place, channel, pageSize, bytes);
        } catch (IOException e) {
            place.close();
            throw e;
        }
    }

    /** A slot that nobody uses; {@link PageMap#NONE} if the file is full. */
    int take() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        return used < most ? used++ : PageMap.NONE;
    }

    void giveBack(int slot) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = slot;
    }

    void write(int slot, byte[] content, int offset) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(content, offset, pageSize);
        long at = (long) slot * pageSize;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    void read(int slot, byte[] into, int offset) throws IOException {
        ByteBuffer to = ByteBuffer.wrap(into, offset, pageSize);
        long at = (long) slot * pageSize;
        while (to.hasRemaining()) {
            int read = channel.read(to, at);
            if (read < 0) {
                throw new IOException("the scratch file of changed pages is shorter than it was");
            }
            at += read;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(TailFile.class).debug("Closing {} failed", place.path(), e);
        }
        place.close();
    }
}
