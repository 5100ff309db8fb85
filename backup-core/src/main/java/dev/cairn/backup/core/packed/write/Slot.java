package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.listing.Extent;
import dev.cairn.backup.core.listing.ListedEntry;
import dev.cairn.backup.core.listing.Pages;
import dev.cairn.backup.spi.Entry;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** An entry on its way into the listing, which takes entries in their order while contents are stored in any. */
final class Slot {

    private final Entry entry;
    private final long estimated;
    private List<Extent> extents = List.of();
    private long size;
    private @Nullable Pages pages;
    private @Nullable Future<?> work;
    private boolean done;

    Slot(Entry entry) {
        this.entry = entry;
        this.estimated = entry.size();
    }

    Entry entry() {
        return entry;
    }

    /** How many bytes it is thought to have. */
    long estimated() {
        return estimated;
    }

    /** Whether it can be listed now, or its work has failed. For the thread that lists. */
    boolean isDone() {
        return done || (work != null && work.isDone());
    }

    /** Tells, on the thread that lists, that no work is needed. */
    void done() {
        done = true;
    }

    /** What must be done before {@link #listed}; null if nothing, or if it was not given to a thread yet. */
    @Nullable
    Future<?> work() {
        return work;
    }

    void after(Future<?> value) {
        work = value;
    }

    /** Tells what the content became. The future that is waited for makes it visible to the thread that lists. */
    void stored(List<Extent> content, long bytes) {
        extents = content;
        size = bytes;
    }

    void stored(List<Extent> content, long bytes, @Nullable Pages hashes) {
        stored(content, bytes);
        pages = hashes;
    }

    long size() {
        return size;
    }

    ListedEntry listed() {
        return ListedEntry.of(entry, size, extents, pages);
    }

    /** One chunk as a whole file. */
    static List<Extent> whole(ChunkId chunk, int length) {
        return List.of(new Extent(chunk, 0, length));
    }
}
