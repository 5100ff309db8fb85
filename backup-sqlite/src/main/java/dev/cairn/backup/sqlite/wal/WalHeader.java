package dev.cairn.backup.sqlite.wal;

import java.util.Optional;

/**
 * The 32 bytes that a log begins with. They are written anew with each <em>generation</em>: when everything in the log has been checkpointed and nobody reads from
 * it, the next writer begins again at frame 1, over the old frames, under new salts.
 *
 * @param bigEndian the byte order that checksums are computed in; that of the machine that wrote the log
 * @param pageSize bytes of a page
 * @param sequence how many generations <em>the connection that wrote this header</em> has begun, which is no count of the log's generations: each connection has its own
 *     ({@code Wal.nCkpt} in wal.c). 0 tells that the salts are both random, because that connection found the log empty
 * @param salt1 one more than that of the generation before, unless the log was emptied in between
 * @param salt2 random
 * @param checksum of the header, where the frames' chain begins
 */
public record WalHeader(boolean bigEndian, int pageSize, int sequence, int salt1, int salt2, long checksum) {

    /** Bytes of a header. */
    public static final int BYTES = 32;

    private static final int MAGIC = 0x377f0682;
    private static final int VERSION = 3_007_000;

    /** The header in the first 32 bytes; empty unless SQLite itself would take it for one (wal.c, walIndexRecover). */
    static Optional<WalHeader> of(byte[] bytes) {
        int magic = WalChecksum.word(bytes, 0);
        int pageSize = WalChecksum.word(bytes, 8);
        // Unlike the database's own header, which has two bytes for it and stores 65536 as 1, this one has four and
        // stores it as it is.
        if ((magic & ~1) != MAGIC
                || WalChecksum.word(bytes, 4) != VERSION
                || pageSize < 512
                || pageSize > 65536
                || Integer.bitCount(pageSize) != 1) {
            return Optional.empty();
        }
        boolean bigEndian = (magic & 1) != 0;
        long checksum = WalChecksum.over(bigEndian, bytes, 0, 24, 0);
        if (checksum != WalChecksum.stored(bytes, 24)) {
            return Optional.empty();
        }
        return Optional.of(new WalHeader(
                bigEndian,
                pageSize,
                WalChecksum.word(bytes, 12),
                WalChecksum.word(bytes, 16),
                WalChecksum.word(bytes, 20),
                checksum));
    }

    /** Where the generation begins: before its first frame. */
    public WalPlace start() {
        return new WalPlace(salt1, salt2, 0, checksum);
    }

    /** Bytes of a frame: its own header and a page. */
    public int frameBytes() {
        return WalFrames.FRAME_HEADER + pageSize;
    }

    /** Bytes of a log of that many frames. */
    public long bytes(int frames) {
        return BYTES + (long) frames * frameBytes();
    }
}
