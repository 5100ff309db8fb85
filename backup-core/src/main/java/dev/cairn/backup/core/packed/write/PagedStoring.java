package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.Pages;
import dev.cairn.backup.core.packed.store.Workers;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Stores content that consists of pages, such as a SQLite database, so that a changed page costs a page. The content is read in groups of at most 1 MiB of whole pages, whose hashes several
 * threads compute. Pages that are as the parent had them stay where they are; changed ones are gathered into chunks of at most 1 MiB. A group that has changed mostly, or has come to consist
 * of too many pieces, is stored as a chunk of its own. For one content and one caller.
 */
final class PagedStoring {

    private static final int GROUP_BYTES = 1 << 20;

    /** Extents of a whole content beyond which groups are put together anew: 100 000 take about 4 MB of the listing. */
    private static final long MOST_EXTENTS = 100_000;

    private static final int MOST_PIECES = 64;
    private static final int HASH = ChunkHasher.PAGE_HASH_BYTES;

    private final ChunkStoring chunks;
    private final ChunkSource parent;
    private final String dataset;
    private final CancellationToken cancellation;
    private final SnapshotWriter.EntryProgress progress;
    private final Submission submission;
    private final List<Extent> extents = new ArrayList<>();
    private final Map<ChunkId, ChunkId> gathered = new HashMap<>();
    private final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    private byte[] gathering = new byte[0];
    private int gatheredBytes;

    /** Gives work to the threads, in bounds. */
    interface Submission {
        <T> Future<T> submit(Callable<T> task);
    }

    /** What a thread found of a group: its bytes, the hashes of its pages, and its chunk if it was stored whole. */
    private record Group(
            byte[] bytes,
            int length,
            byte[] hashes,
            @Nullable ChunkId whole) {}

    PagedStoring(
            ChunkStoring chunks,
            ChunkSource parent,
            String dataset,
            CancellationToken cancellation,
            SnapshotWriter.EntryProgress progress,
            Submission submission) {
        this.chunks = chunks;
        this.parent = parent;
        this.dataset = dataset;
        this.cancellation = cancellation;
        this.progress = progress;
        this.submission = submission;
    }

    void store(Slot slot, @Nullable ListedEntry before) {
        int pageSize = slot.entry().content().pageSize();
        ParentPages known = ParentPages.of(before, pageSize, parent, chunks);
        int groupBytes = Math.max(pageSize, GROUP_BYTES / pageSize * pageSize);
        int mostPieces = (int) Math.max(1, Math.min(MOST_PIECES, MOST_EXTENTS / (1 + slot.estimated() / groupBytes)));
        Deque<Future<Group>> reading = new ArrayDeque<>();
        long size = 0;
        long taken = 0;
        try (InputStream in = slot.entry().content().open()) {
            while (true) {
                cancellation.throwIfCancelled("snapshot");
                byte[] bytes = in.readNBytes(groupBytes);
                if (bytes.length == 0) {
                    break;
                }
                long firstPage = size / pageSize;
                size += bytes.length;
                reading.add(submission.submit(() -> look(bytes, pageSize, firstPage, known)));
                if (reading.size() > 8) {
                    taken += take(reading.remove(), taken, pageSize, known, mostPieces);
                }
            }
        } catch (IOException e) {
            throw ContentStoring.unreadable(dataset, slot, e);
        }
        while (!reading.isEmpty()) {
            taken += take(reading.remove(), taken, pageSize, known, mostPieces);
        }
        flushGathered();
        slot.stored(resolved(), size, size == 0 ? null : new Pages(pageSize, storeHashes()));
        progress.advanced(1, 0);
    }

    /** On a thread: hashes the pages, and stores the group at once if most of it has changed. */
    private Group look(byte[] bytes, int pageSize, long firstPage, ParentPages known) {
        int pages = (bytes.length + pageSize - 1) / pageSize;
        byte[] found = new byte[pages * HASH];
        try (ChunkStoring.Stream stream = chunks.stream()) {
            int changed = 0;
            for (int i = 0; i < pages; i++) {
                int off = i * pageSize;
                int len = Math.min(pageSize, bytes.length - off);
                stream.tools().hasher().pageHash16(bytes, off, len, found, i * HASH);
                changed += known.has(firstPage + i, found, i * HASH) ? 0 : 1;
            }
            ChunkId whole = 2 * changed >= pages ? stream.put(bytes, 0, bytes.length) : null;
            return new Group(bytes, bytes.length, found, whole);
        }
    }

    /** In the order of the content: turns a group into extents; answers its length. */
    private int take(Future<Group> future, long position, int pageSize, ParentPages known, int mostPieces) {
        Group group = Workers.await(future, "snapshot");
        hashes.write(group.hashes(), 0, group.hashes().length);
        progress.advanced(0, group.length());
        if (group.whole() != null) {
            extents.add(new Extent(group.whole(), 0, group.length()));
            return group.length();
        }
        long firstPage = position / pageSize;
        if (pieces(group, pageSize, firstPage, known) > mostPieces) {
            try (ChunkStoring.Stream stream = chunks.stream()) {
                extents.add(new Extent(stream.put(group.bytes(), 0, group.length()), 0, group.length()));
            }
            return group.length();
        }
        for (int i = 0, off = 0; off < group.length(); i++, off += pageSize) {
            int len = Math.min(pageSize, group.length() - off);
            if (known.has(firstPage + i, group.hashes(), i * HASH)) {
                append(known.extent(firstPage + i, len));
            } else {
                gather(group.bytes(), off, len);
            }
        }
        return group.length();
    }

    /** How many extents the group would come to consist of. */
    private static int pieces(Group group, int pageSize, long firstPage, ParentPages known) {
        int pieces = 0;
        Extent last = null;
        boolean lastGathered = false;
        for (int i = 0, off = 0; off < group.length(); i++, off += pageSize) {
            boolean gathered = !known.has(firstPage + i, group.hashes(), i * HASH);
            Extent extent = gathered ? null : known.extent(firstPage + i, Math.min(pageSize, group.length() - off));
            boolean goesOn = gathered ? lastGathered : last != null && extent != null && follows(last, extent);
            pieces += goesOn ? 0 : 1;
            last = extent;
            lastGathered = gathered;
        }
        return pieces;
    }

    private static boolean follows(Extent last, Extent next) {
        return last.chunk().equals(next.chunk()) && last.offset() + last.length() == next.offset();
    }

    /** Adds an extent, as one with the last if it goes on where that ends. */
    private void append(Extent extent) {
        Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
        if (last != null && follows(last, extent)) {
            extents.set(extents.size() - 1, new Extent(last.chunk(), last.offset(), last.length() + extent.length()));
        } else {
            extents.add(extent);
        }
    }

    private void gather(byte[] bytes, int off, int len) {
        if (gatheredBytes + len > GROUP_BYTES) {
            flushGathered();
        }
        if (gathering.length < gatheredBytes + len) {
            gathering = Arrays.copyOf(
                    gathering, Math.max(gatheredBytes + len, Math.min(GROUP_BYTES, 2 * gathering.length)));
        }
        System.arraycopy(bytes, off, gathering, gatheredBytes, len);
        append(new Extent(placeholder(), gatheredBytes, len));
        gatheredBytes += len;
    }

    /** Stands for the chunk that is being gathered until its id is known. */
    private ChunkId placeholder() {
        return new ChunkId(0, 0, 0, gathered.size());
    }

    private void flushGathered() {
        if (gatheredBytes > 0) {
            try (ChunkStoring.Stream stream = chunks.stream()) {
                gathered.put(placeholder(), stream.put(gathering, 0, gatheredBytes));
            }
            gatheredBytes = 0;
        }
    }

    private List<Extent> resolved() {
        return extents.stream()
                .map(extent -> new Extent(
                        gathered.getOrDefault(extent.chunk(), extent.chunk()), extent.offset(), extent.length()))
                .toList();
    }

    private List<Extent> storeHashes() {
        byte[] all = hashes.toByteArray();
        List<Extent> stored = new ArrayList<>();
        try (ChunkStoring.Stream stream = chunks.stream()) {
            for (int at = 0; at < all.length; at += GROUP_BYTES) {
                int len = Math.min(GROUP_BYTES, all.length - at);
                stored.add(new Extent(stream.put(all, at, len), 0, len));
            }
        }
        return stored;
    }
}
