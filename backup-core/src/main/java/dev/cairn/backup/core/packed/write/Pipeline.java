package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.ListingWriter;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.TaskGroup;
import dev.cairn.backup.core.work.Awaited;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Takes entries in their order, has contents read and stored by as many threads as there are cores, and lists the entries in their order. Small files go to the threads in batches, each
 * read by one of them; a large file is read and cut here while the threads store its chunks. What is in flight is bounded. For one caller.
 */
final class Pipeline implements AutoCloseable {

    /** A batch this large fills about one block. */
    private static final long BATCH_BYTES = 1 << 20;

    private static final int BATCH_FILES = 256;

    /** From here on the chunks of a file are stored by several threads. */
    private static final long LARGE_FILE = 4L << 20;

    /** Most chunks are shorter, so that they are looked at once. */
    private static final int LARGE_BUFFER = 2 << 20;

    private static final int MOST_WAITING = 16_384;

    private final OpenStore store;
    private final ChunkStoring chunks;
    private final ChunkSource parent;
    private final Optional<LogPosition> parentLog;
    private final ListingWriter listing;
    private final String dataset;
    private final CancellationToken cancellation;
    private final SnapshotWriter.EntryProgress progress;
    private final TaskGroup tasks;
    private final ConcurrentLinkedQueue<ContentStoring> readers = new ConcurrentLinkedQueue<>();
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final Deque<Future<?>> inFlight = new ArrayDeque<>();
    private final int mostInFlight;
    private List<Slot> batch = new ArrayList<>();
    private long batchBytes;
    private long entries;
    private long bytes;

    Pipeline(
            OpenStore store,
            ChunkStoring chunks,
            ChunkSource parent,
            Optional<LogPosition> parentLog,
            ListingWriter listing,
            String dataset,
            CancellationToken cancellation,
            SnapshotWriter.EntryProgress progress) {
        this.store = store;
        this.chunks = chunks;
        this.parent = parent;
        this.parentLog = parentLog;
        this.listing = listing;
        this.dataset = dataset;
        this.cancellation = cancellation;
        this.progress = progress;
        this.tasks = store.workers().computing();
        this.mostInFlight = 3 * store.workers().count();
    }

    /** Lists an entry whose content, if it has any, is known. */
    void listed(Slot slot) {
        slot.done();
        waiting.add(slot);
        progress.advanced(1, slot.size());
        drain(MOST_WAITING);
    }

    /**
     * Reads, stores and lists a file.
     *
     * @param before what the parent had in its place, if anything
     */
    void read(Slot slot, @Nullable ListedEntry before) {
        waiting.add(slot);
        if (slot.entry().content().pageSize() > 0) {
            sendBatch();
            new PagedStoring(chunks, parent, dataset, slot, cancellation, progress, this::submit)
                    .store(before, parentLog);
            slot.done();
        } else if (slot.estimated() >= LARGE_FILE) {
            sendBatch(); // Its files come first, and so lie together.
            readLarge(slot);
        } else {
            batch.add(slot);
            batchBytes += slot.estimated();
            if (batchBytes >= BATCH_BYTES || batch.size() >= BATCH_FILES) {
                sendBatch();
            }
        }
        drain(MOST_WAITING);
    }

    private void sendBatch() {
        if (batch.isEmpty()) {
            return;
        }
        List<Slot> files = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        Future<?> work = submit(() -> {
            ContentStoring known = readers.poll();
            ContentStoring reader = known == null ? new ContentStoring(store, dataset, cancellation, progress) : known;
            try (ChunkStoring.Stream stream = chunks.stream()) {
                for (Slot file : files) {
                    reader.store(file, stream);
                }
            }
            readers.add(reader);
            return true;
        });
        files.forEach(file -> file.after(work));
    }

    private <T> Future<T> submit(Callable<T> task) {
        while (inFlight.size() >= mostInFlight) {
            Awaited.result(inFlight.remove(), "snapshot");
        }
        Future<T> work = tasks.submit(task);
        inFlight.add(work);
        return work;
    }

    private void readLarge(Slot slot) {
        List<Future<Extent>> extents = new ArrayList<>();
        long size = 0;
        byte[] buffer = new byte[LARGE_BUFFER];
        try (InputStream in = slot.entry().content().open()) {
            int available = 0;
            boolean end = false;
            while (!end || available > 0) {
                int cut = available == 0 ? 0 : store.cdc().cut(buffer, 0, available, end);
                if (cut > 0) {
                    cancellation.throwIfCancelled("snapshot");
                    byte[] chunk = buffer;
                    // The rest goes to a buffer of its own: the chunk's is read by another thread now.
                    buffer = Arrays.copyOfRange(chunk, cut, cut + Math.max(available - cut, LARGE_BUFFER));
                    available -= cut;
                    size += cut;
                    extents.add(submit(() -> {
                        try (ChunkStoring.Stream stream = chunks.stream()) {
                            ChunkId id = stream.put(chunk, 0, cut);
                            progress.advanced(0, cut);
                            return new Extent(id, 0, cut);
                        }
                    }));
                } else {
                    if (available == buffer.length) {
                        buffer = Arrays.copyOf(buffer, 2 * buffer.length);
                    }
                    int n = in.readNBytes(buffer, available, buffer.length - available);
                    end = n == 0;
                    available += n;
                }
            }
        } catch (IOException e) {
            throw ContentStoring.unreadable(dataset, slot, e);
        }
        List<Extent> content = new ArrayList<>(extents.size());
        for (Future<Extent> extent : extents) {
            content.add(Awaited.result(extent, "snapshot"));
        }
        slot.stored(content, size);
        slot.done();
        progress.advanced(1, 0);
    }

    /** Lists what is done, and waits for the oldest while more than {@code most} wait. */
    private void drain(int most) {
        for (Slot slot = waiting.peek(); slot != null; slot = waiting.peek()) {
            if (!slot.isDone()) {
                if (waiting.size() <= most) {
                    return;
                }
                if (slot.work() == null) {
                    sendBatch();
                }
                Awaited.result(Objects.requireNonNull(slot.work()), "snapshot");
            } else if (slot.work() != null) {
                Awaited.result(slot.work(), "snapshot"); // Throws what the work threw.
            }
            waiting.remove();
            listing.add(slot.listed());
            entries++;
            bytes += slot.size();
        }
    }

    /** Waits for everything and answers the root of the listing; null if there was no entry. */
    @Nullable
    ChunkId finish() {
        sendBatch();
        drain(0);
        return listing.finish();
    }

    /** Entries listed. */
    long entries() {
        return entries;
    }

    /** Bytes of their contents. */
    long bytes() {
        return bytes;
    }

    /** Waits for the threads; after it no content is read any more. */
    @Override
    public void close() {
        tasks.close();
    }
}
