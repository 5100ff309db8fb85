package dev.cairn.backup.spi;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Takes the contents of many files as {@link DatasetReader#contents} hands them out. Called by several threads, also for one file. */
@FunctionalInterface
public interface ContentSink {

    /**
     * Takes one piece of a file. The pieces of a file come in any order, do not overlap, and make it up whole.
     *
     * @param file the index of the file in the list that was asked for
     * @param position where in the file the piece begins, in bytes
     * @param bytes holds the piece; it belongs to the caller again when this returns and must not be changed
     * @param offset where in {@code bytes} it begins
     * @param length its length, at least 1
     * @throws IOException if it cannot be taken; it ends the handing out and comes to the caller as it is
     */
    void accept(int file, long position, byte[] bytes, int offset, int length) throws IOException;

    /**
     * Hands out the contents of the files one after the other, by this thread.
     *
     * @throws IOException what the sink threw, or if a content cannot be read
     */
    static void inOrder(DatasetReader reader, List<Entry> files, ContentSink sink, CancellationToken cancellation)
            throws IOException {
        SnapshotId snapshot = reader.snapshot().id();
        byte[] piece = new byte[64 * 1024];
        for (int file = 0; file < files.size(); file++) {
            cancellation.throwIfCancelled("reading snapshot " + snapshot);
            Entry entry = files.get(file);
            try (InputStream in = entry.content().open()) {
                long position = 0;
                for (int n = in.readNBytes(piece, 0, piece.length); n > 0; n = in.readNBytes(piece, 0, piece.length)) {
                    sink.accept(file, position, piece, 0, n);
                    position += n;
                }
            }
        }
    }
}
