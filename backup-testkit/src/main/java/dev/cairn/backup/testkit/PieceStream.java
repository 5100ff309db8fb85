package dev.cairn.backup.testkit;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.function.IntConsumer;

/** Bytes that come in small pieces, with a step before each. Whatever way the stream is drained goes through {@link #read(byte[], int, int)}. */
final class PieceStream extends FilterInputStream {

    private final int piece;
    private final IntConsumer beforeEach;

    /** @param beforeEach told, before each read, how many bytes are left */
    PieceStream(byte[] bytes, int piece, IntConsumer beforeEach) {
        super(new ByteArrayInputStream(bytes));
        this.piece = piece;
        this.beforeEach = beforeEach;
    }

    @Override
    public int read() throws IOException {
        beforeEach.accept(available());
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        beforeEach.accept(available());
        return super.read(buffer, offset, Math.min(length, piece));
    }
}
