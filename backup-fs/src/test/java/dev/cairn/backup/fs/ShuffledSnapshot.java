package dev.cairn.backup.fs;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A snapshot that hands contents out as a repository of packs does: in pieces, in any order, by three threads.
 *
 * @param real what is handed out
 * @param twist changes the pieces of a call before they are handed out
 * @param after called when all was handed out, before the call returns
 */
record ShuffledSnapshot(MemorySnapshot real, Twist twist, Runnable after) implements DatasetReader {

    /** Whole blocks of zeros, as they are in the chunks of a file with holes. */
    private static final int PIECE_BYTES = 3 * 64 * 1024;

    private static final int THREADS = 3;

    record Piece(int file, long position, byte[] bytes) {}

    interface Twist {
        void change(List<Piece> pieces);
    }

    static ShuffledSnapshot of(MemorySnapshot real) {
        return new ShuffledSnapshot(real, pieces -> {}, () -> {});
    }

    ShuffledSnapshot twisted(Twist twist) {
        return new ShuffledSnapshot(real, twist, after);
    }

    ShuffledSnapshot thenDo(Runnable action) {
        return new ShuffledSnapshot(real, twist, action);
    }

    @Override
    public SnapshotMetadata snapshot() {
        return real.snapshot();
    }

    @Override
    public DatasetSummary summary() {
        return real.summary();
    }

    @Override
    public EntryCursor entries() {
        return real.entries();
    }

    @Override
    public void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        List<Piece> pieces = pieces(files);
        Collections.shuffle(pieces, new Random(files.size()));
        twist.change(pieces);
        ConcurrentLinkedQueue<Piece> left = new ConcurrentLinkedQueue<>(pieces);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> {
                    for (Piece piece = left.poll(); piece != null; piece = left.poll()) {
                        // With something before and after it, as in a decoded block.
                        byte[] block = new byte[piece.bytes().length + 10];
                        System.arraycopy(piece.bytes(), 0, block, 7, piece.bytes().length);
                        sink.accept(piece.file(), piece.position(), block, 7, piece.bytes().length);
                    }
                    return null;
                }));
            }
            finish(running);
        } finally {
            threads.shutdown();
        }
        after.run();
    }

    private static void finish(List<Future<?>> running) throws IOException {
        Throwable first = null;
        for (Future<?> thread : running) {
            try {
                thread.get();
            } catch (ExecutionException e) {
                first = first == null ? e.getCause() : first;
            } catch (InterruptedException e) {
                throw new AssertionError("the library's own threads are not interrupted", e);
            }
        }
        if (first instanceof BackupException e) {
            throw e;
        }
        if (first instanceof IOException e) {
            throw e;
        }
        if (first != null) {
            throw new AssertionError(first);
        }
    }

    private static List<Piece> pieces(List<Entry> files) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (int file = 0; file < files.size(); file++) {
            try (InputStream in = files.get(file).content().open()) {
                long position = 0;
                for (byte[] bytes = in.readNBytes(PIECE_BYTES); bytes.length > 0; bytes = in.readNBytes(PIECE_BYTES)) {
                    pieces.add(new Piece(file, position, bytes));
                    position += bytes.length;
                }
            }
        }
        return pieces;
    }
}
