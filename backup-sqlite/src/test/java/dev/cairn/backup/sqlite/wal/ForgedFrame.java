package dev.cairn.backup.sqlite.wal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes frames into a log as SQLite does, but without telling it. */
public final class ForgedFrame {

    private ForgedFrame() {}

    /** Writes a sound commit frame behind the last sound one: page 2, full of zeros. */
    public static void append(Path wal, WalHeader header) throws IOException {
        WalPlace end = end(wal, header);
        byte[] frame = new byte[header.frameBytes()];
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        bytes.putInt(0, 2).putInt(4, 2).putInt(8, header.salt1()).putInt(12, header.salt2());
        long sum = WalChecksum.over(header.bigEndian(), frame, 0, 8, end.checksum());
        sum = WalChecksum.over(header.bigEndian(), frame, WalFrames.FRAME_HEADER, header.pageSize(), sum);
        bytes.putLong(16, sum);
        try (RandomAccessFile out = new RandomAccessFile(wal.toFile(), "rw")) {
            out.seek(header.bytes(end.frame()));
            out.write(frame);
        }
    }

    /** Behind the last frame of the file that continues the chain. */
    static WalPlace end(Path wal, WalHeader header) throws IOException {
        try (FileChannel channel = FileChannel.open(wal, StandardOpenOption.READ)) {
            WalFrames frames = new WalFrames(channel, header, header.start(), Integer.MAX_VALUE);
            try {
                while (frames.next()) {
                    continue;
                }
            } catch (BrokenLogException end) {
                return frames.place();
            }
            throw new IllegalStateException("endless");
        }
    }
}
