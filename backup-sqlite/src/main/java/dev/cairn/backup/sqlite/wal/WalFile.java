package dev.cairn.backup.sqlite.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A {@code -wal} file, opened for reading. SQLite keeps no lock on it, so that closing it takes none away from anybody: the one of a database's three files of which this is true.
 *
 * <p>An interrupt of a thread that reads closes it; only threads that nobody interrupts may use it.
 */
public final class WalFile implements AutoCloseable {

    /** At a log whose generation before the present one is being overwritten. */
    private static final int LOOKS = 5;

    private final FileChannel channel;

    private WalFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a log.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public static WalFile open(Path wal) throws IOException {
        return new WalFile(FileChannel.open(wal, StandardOpenOption.READ));
    }

    /** The header in the first {@link WalHeader#BYTES} of a log; empty if it is not sound. */
    public static Optional<WalHeader> headerOf(byte[] bytes) {
        return WalHeader.of(bytes);
    }

    /** The header now; empty while the file is too short for one, or has none that is sound. */
    public Optional<WalHeader> header() throws IOException {
        return read(0, WalHeader.BYTES).flatMap(WalHeader::of);
    }

    /** Bytes of the file, which may be more than those of the frames that count: a new generation overwrites the old one from its beginning. */
    public long size() throws IOException {
        return channel.size();
    }

    /**
     * The place behind a committed frame, with the checksum that the frame itself carries.
     *
     * @throws BrokenLogException if the frame is not of the header's generation
     */
    public WalPlace placeBehind(WalHeader header, int frame) throws IOException {
        if (frame == 0) {
            return header.start();
        }
        byte[] own = read(header.bytes(frame - 1), WalFrames.FRAME_HEADER)
                .orElseThrow(() -> new BrokenLogException(frame, "is not there"));
        if (!hasSalts(own, header.salt1(), header.salt2())) {
            throw new BrokenLogException(frame, "is of another generation");
        }
        return new WalPlace(header.salt1(), header.salt2(), frame, WalChecksum.stored(own, 16));
    }

    /**
     * Whether the generation before the header's ended exactly at a place, as what is left of it tells: the frame there is not yet overwritten, where the next one would lie there is the end of the
     * file or a frame of a still older generation, and all that is left hangs together. After a power cut it may not: pages that were not synced reach the disk in any order, so that SQLite recovers less than
     * what is there at the place, and goes on without it.
     */
    public boolean previousEndedAt(WalHeader header, WalPlace place) throws IOException {
        if (place.frame() == 0 || header.sequence() == 0 || header.salt1() != place.salt1() + 1) {
            return false;
        }
        Optional<byte[]> last = read(header.bytes(place.frame() - 1), WalFrames.FRAME_HEADER);
        if (last.isEmpty()
                || !hasSalts(last.get(), place.salt1(), place.salt2())
                || WalChecksum.stored(last.get(), 16) != place.checksum()) {
            return false;
        }
        if (channel.size() != header.bytes(place.frame())) {
            // An uncommitted frame of that generation counts as one, too.
            Optional<byte[]> next = read(header.bytes(place.frame()), WalFrames.FRAME_HEADER);
            if (next.isEmpty()
                    || hasSalts(next.get(), place.salt1(), place.salt2())
                    || hasSalts(next.get(), header.salt1(), header.salt2())) {
                return false;
            }
        }
        for (int i = 0; i < LOOKS; i++) {
            if (hangsTogether(header, place)) {
                return true;
            }
            // The first frame that was left may just have been overwritten.
        }
        return false;
    }

    /** Whether the frames of the generation before, from the first one that the header's has left up to the place, continue each other. */
    private boolean hangsTogether(WalHeader header, WalPlace place) throws IOException {
        WalHeader old = new WalHeader(header.bigEndian(), header.pageSize(), 0, place.salt1(), place.salt2(), 0);
        int first = place.frame();
        while (first > 1 && hasSalts(header, first - 1, place.salt1(), place.salt2())) {
            first--;
        }
        int before = first - 1;
        // A transaction that spilled and was rolled back may leave frames without salts (wal.c, walEncodeFrame).
        while (before > 0 && hasSalts(header, before, 0, 0)) {
            before--;
        }
        if (before > 0 && !hasSalts(header, before, header.salt1(), header.salt2())) {
            return false;
        }
        try {
            WalFrames frames = frames(old, placeBehind(old, first), place.frame());
            while (frames.next()) {
                continue;
            }
            return frames.place().equals(place);
        } catch (BrokenLogException e) {
            return false;
        }
    }

    /**
     * Whether a transaction of the header's generation was ever committed, as far as the file tells. A generation that was ended leaves its header and its frames there until the next one's first
     * commit (wal.c, walRestartHdr changes the {@code -shm} alone).
     */
    public boolean holdsCommit(WalHeader header) throws IOException {
        WalFrames frames = frames(header, header.start(), Integer.MAX_VALUE);
        try {
            while (frames.next()) {
                if (frames.commitSize() > 0) {
                    return true;
                }
            }
        } catch (BrokenLogException e) {
            // Its chain ends here.
        }
        return false;
    }

    private boolean hasSalts(WalHeader header, int frame, int salt1, int salt2) throws IOException {
        return read(header.bytes(frame - 1), WalFrames.FRAME_HEADER)
                .filter(it -> hasSalts(it, salt1, salt2))
                .isPresent();
    }

    private static boolean hasSalts(byte[] frame, int salt1, int salt2) {
        return WalChecksum.word(frame, 8) == salt1 && WalChecksum.word(frame, 12) == salt2;
    }

    /**
     * The frames behind a place of the header's generation.
     *
     * @param last the number of the last one
     */
    public WalFrames frames(WalHeader header, WalPlace after, int last) {
        return new WalFrames(channel, header, after, last);
    }

    private Optional<byte[]> read(long from, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (channel.read(into, from + into.position()) < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(into.array());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
