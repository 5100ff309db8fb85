package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.core.chunk.ChunkHasher;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.Pages;
import dev.cairn.backup.core.work.Awaited;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores content that consists of pages, such as a SQLite database, so that a changed page costs a page. The content is read in groups of at most 1 MiB of whole pages, whose hashes several
 * threads compute. Pages that are as the parent had them stay where they are; changed ones are gathered into chunks of at most 1 MiB. A group that has changed mostly, or has come to consist
 * of too many pieces, is stored as a chunk of its own. Where the source tells what has changed since the parent, only that is read; what is stored is the same. For one content and one
 * caller.
 */
final class PagedStoring {

    private static final Logger LOG = LoggerFactory.getLogger(PagedStoring.class);
    private static final int MOST_AHEAD = 8;

    /** The hashes of 4096 pages: those of a place that did not change cost nothing. */
    private static final int HASHES_BYTES = 64 << 10;

    private final ChunkStoring chunks;
    private final ChunkSource parent;
    private final String dataset;
    private final Slot slot;
    private final CancellationToken cancellation;
    private final SnapshotWriter.EntryProgress progress;
    private final Submission submission;
    private final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    private final Deque<byte[]> buffers = new ArrayDeque<>();
    private PageExtents extents;
    private long stored;
    private long told;

    /** Gives work to the threads, in bounds. */
    interface Submission {
        <T> Future<T> submit(Callable<T> task);
    }

    /** What a thread found of a group: its chunk if it was stored whole, and what kept it from that. */
    private record Looked(PageGroup group, @Nullable ChunkId whole, ParentPages.@Nullable LostException lost) {}

    /** Gives the groups of a content one after the other, each to be read by whichever thread. */
    private interface Groups {

        /** The next one; null at the end. */
        @Nullable
        Reading next() throws IOException;
    }

    /** Reads a group. */
    private interface Reading {
        PageGroup read(ChunkHasher hasher) throws IOException;
    }

    PagedStoring(
            ChunkStoring chunks,
            ChunkSource parent,
            String dataset,
            Slot slot,
            CancellationToken cancellation,
            SnapshotWriter.EntryProgress progress,
            Submission submission) {
        this.chunks = chunks;
        this.parent = parent;
        this.dataset = dataset;
        this.slot = slot;
        this.cancellation = cancellation;
        this.progress = progress;
        this.submission = submission;
        this.extents = new PageExtents(chunks);
    }

    /**
     * Stores the content.
     *
     * @param before what the parent had in its place, if anything
     * @param parentLog where the dataset's change log stood then
     */
    void store(@Nullable ListedEntry before, Optional<LogPosition> parentLog) {
        EntryContent content = slot.entry().content();
        int pageSize = content.pageSize();
        ParentPages known = ParentPages.of(before, pageSize, parent, chunks);
        PagedLayout layout = PagedLayout.of(pageSize, slot.estimated());
        try {
            if (!storeChanges(content, parentLog, known, layout)) {
                storeAll(content, known, layout);
            }
        } catch (IOException e) {
            throw ContentStoring.unreadable(dataset, slot, e);
        }
        slot.stored(extents.finish(), stored, stored == 0 ? null : new Pages(pageSize, storeHashes()));
        progress.advanced(1, 0);
    }

    /** Whether the pages that the source says have changed were enough. What was stored in vain is found when all is read, which stores the same chunks. */
    private boolean storeChanges(
            EntryContent content, Optional<LogPosition> parentLog, ParentPages known, PagedLayout layout)
            throws IOException {
        Optional<ChangedPages> found = ChangedPages.of(content, parentLog, known, layout);
        if (found.isEmpty()) {
            return false;
        }
        ChangedPages changed = found.get();
        long[] at = {0};
        try {
            storeGroups(
                    () -> {
                        long first = at[0];
                        at[0] += layout.groupPages();
                        return first * layout.pageSize() >= changed.size()
                                ? null
                                : hasher -> changed.group(first, hasher);
                    },
                    layout);
            return true;
        } catch (ParentPages.LostException e) {
            LOG.warn("Pages that the parent has cannot be read, so all are read anew: {}", e.getMessage());
            known.forget(e);
            forgetAll();
            return false;
        }
    }

    private void storeAll(EntryContent content, ParentPages known, PagedLayout layout) throws IOException {
        long[] at = {0};
        try (InputStream in = content.open()) {
            storeGroups(
                    () -> {
                        byte[] buffer = buffer(layout);
                        int length = in.readNBytes(buffer, 0, layout.groupBytes());
                        long first = at[0];
                        at[0] += layout.groupPages();
                        return length == 0
                                ? null
                                : hasher -> PageGroup.read(known, first, layout.pageSize(), buffer, length, hasher);
                    },
                    layout);
        }
    }

    /** Buffers of this size are used again: a collector gives each a region of its own, and the system must zero it. */
    private byte[] buffer(PagedLayout layout) {
        byte[] free = buffers.poll();
        return free != null && free.length >= layout.groupBytes() ? free : new byte[layout.groupBytes()];
    }

    private void storeGroups(Groups groups, PagedLayout layout) throws IOException {
        Deque<Future<Looked>> ahead = new ArrayDeque<>();
        for (Reading group = groups.next(); group != null; group = groups.next()) {
            cancellation.throwIfCancelled("snapshot");
            Reading next = group;
            ahead.add(submission.submit(() -> look(next, layout)));
            if (ahead.size() > MOST_AHEAD) {
                take(ahead.remove());
            }
        }
        while (!ahead.isEmpty()) {
            take(ahead.remove());
        }
    }

    /** On a thread: hashes the pages, and stores the group at once if it is better stored whole. */
    private Looked look(Reading reading, PagedLayout layout) {
        try (ChunkStoring.Stream stream = chunks.stream()) {
            PageGroup group = reading.read(stream.tools().hasher());
            if (!group.isBetterWhole(layout.mostPieces())) {
                return new Looked(group, null, null);
            }
            byte[] whole;
            try {
                whole = group.whole();
            } catch (ParentPages.LostException e) {
                return new Looked(group, null, e); // Not thrown: whoever waits for room among the tasks would meet it.
            }
            return new Looked(group, stream.put(whole, 0, group.length()), null);
        } catch (IOException e) {
            throw ContentStoring.unreadable(dataset, slot, e);
        }
    }

    /** In the order of the content: turns a group into extents. */
    private void take(Future<Looked> future) {
        Looked looked = Awaited.result(future, "snapshot");
        if (looked.lost() != null) {
            throw looked.lost();
        }
        PageGroup group = looked.group();
        hashes.write(group.hashes(), 0, group.hashes().length);
        stored += group.length();
        tell();
        if (looked.whole() != null) {
            extents.append(new Extent(looked.whole(), 0, group.length()));
        } else {
            extents.append(group);
        }
        if (buffers.size() <= MOST_AHEAD) {
            buffers.add(group.buffer());
        }
    }

    /** What is stored a second time was told before. */
    private void tell() {
        if (stored > told) {
            progress.advanced(0, stored - told);
            told = stored;
        }
    }

    private void forgetAll() {
        extents = new PageExtents(chunks);
        hashes.reset();
        stored = 0;
    }

    private List<Extent> storeHashes() {
        byte[] all = hashes.toByteArray();
        List<Extent> stored = new ArrayList<>();
        try (ChunkStoring.Stream stream = chunks.stream()) {
            for (int at = 0; at < all.length; at += HASHES_BYTES) {
                int len = Math.min(HASHES_BYTES, all.length - at);
                stored.add(new Extent(stream.put(all, at, len), 0, len));
            }
        }
        return stored;
    }
}
