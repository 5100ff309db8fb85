package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.core.chunk.FastCdc;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads contents and stores their chunks on the calling thread. For one thread at a time; its buffer is used again for the next content. */
final class ContentStoring {

    /** A content of up to this size is one chunk; the least that content-defined cutting would give. */
    static final int ONE_CHUNK = 512 << 10;

    private final FastCdc cdc;
    private final String dataset;
    private final CancellationToken cancellation;
    private final SnapshotWriter.EntryProgress progress;
    private byte[] buffer = new byte[64 << 10];

    ContentStoring(
            OpenStore store, String dataset, CancellationToken cancellation, SnapshotWriter.EntryProgress progress) {
        this.cdc = store.cdc();
        this.dataset = dataset;
        this.cancellation = cancellation;
        this.progress = progress;
    }

    /** Stores the content of a slot. */
    void store(Slot slot, ChunkStoring.Stream chunks) {
        cancellation.throwIfCancelled("snapshot");
        try (InputStream in = slot.entry().content().open()) {
            reserve((int) Math.min(slot.estimated() + 1, ONE_CHUNK + 1));
            int n = fill(in, 0, ONE_CHUNK + 1);
            if (n <= ONE_CHUNK) {
                slot.stored(n == 0 ? List.of() : Slot.whole(chunks.put(buffer, 0, n), n), n);
                progress.advanced(1, n);
            } else {
                storeLong(slot, in, n, chunks);
            }
        } catch (IOException e) {
            throw unreadable(dataset, slot, e);
        }
    }

    static SourceException unreadable(String dataset, Slot slot, IOException e) {
        return new SourceException(
                dataset, "'" + slot.entry().path() + "' cannot be read: " + e, "See the cause and try again", e);
    }

    private void storeLong(Slot slot, InputStream in, int first, ChunkStoring.Stream chunks) throws IOException {
        List<Extent> extents = new ArrayList<>();
        long size = 0;
        int available = first;
        boolean end = false;
        int start = 0;
        while (!end || available > 0) {
            int cut = available == 0 ? 0 : cdc.cut(buffer, start, available, end);
            if (cut > 0) {
                extents.add(new Extent(chunks.put(buffer, start, cut), 0, cut));
                start += cut;
                available -= cut;
                size += cut;
                progress.advanced(0, cut);
                cancellation.throwIfCancelled("snapshot");
            } else {
                System.arraycopy(buffer, start, buffer, 0, available);
                start = 0;
                int n = fill(in, available, Math.max(2 * available, 2 * ONE_CHUNK));
                end = n == available;
                available = n;
            }
        }
        slot.stored(extents, size);
        progress.advanced(1, 0);
    }

    /** Fills the buffer from {@code from} until it holds {@code most} bytes or the content ends; answers how many it holds. */
    private int fill(InputStream in, int from, int most) throws IOException {
        int n = from;
        while (n < most) {
            if (n == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(most, 2 * buffer.length));
            }
            int read = in.read(buffer, n, Math.min(most, buffer.length) - n);
            if (read < 0) {
                break;
            }
            n += read;
        }
        return n;
    }

    private void reserve(int length) {
        if (buffer.length < length) {
            buffer = new byte[length];
        }
    }
}
