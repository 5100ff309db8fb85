package dev.cairn.backup.sqlite.tables;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** A captured table that never ends; its rows are made as they are read. */
final class EndlessRows extends InputStream {

    private final LongConsumer onRow;
    private byte[] line;
    private int taken;
    private long produced;

    /** @param onRow told the number of each row as it is made, from 1 */
    EndlessRows(String header, LongConsumer onRow) {
        this.line = header.getBytes(StandardCharsets.UTF_8);
        this.onRow = onRow;
    }

    /** How many rows were made. */
    long produced() {
        return produced;
    }

    @Override
    public int read() {
        if (taken == line.length) {
            produced++;
            onRow.accept(produced);
            line = ("[" + produced + ",\"session " + produced + "\"]\n").getBytes(StandardCharsets.UTF_8);
            taken = 0;
        }
        return line[taken++] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            buffer[offset + i] = (byte) read();
        }
        return length;
    }
}
