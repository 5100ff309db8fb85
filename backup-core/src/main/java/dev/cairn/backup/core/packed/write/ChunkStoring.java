package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSink;
import dev.cairn.backup.core.index.ChunkLookup;
import dev.cairn.backup.core.index.ChunkPlace;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.TaskGroup;
import dev.cairn.backup.core.packed.store.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Stores chunks that are not there yet, each once. Contents and listings go into packs of their own, so that listings are read without the rest; what is left of a small snapshot's
 * listings at the end goes along with its contents. Thread-safe.
 */
public final class ChunkStoring implements ChunkSink, AutoCloseable {

    /** Index entries that are held before they are stored. */
    private static final int MOST_UNINDEXED = 200_000;

    private final OpenStore store;
    private final ChunkLookup usable;
    private final FreshChunks fresh = new FreshChunks();
    private final TaskGroup tasks;
    private final PackWriter contents;
    private final PackWriter listings;
    private final BlockWriter listingBlock = new BlockWriter();
    private final ConcurrentLinkedQueue<BlockWriter> blocks = new ConcurrentLinkedQueue<>();
    private List<PackContents> unindexed = new ArrayList<>();
    private int unindexedChunks;
    private long storedBytes;
    private volatile @Nullable RuntimeException failure;

    /** @param usable chunks that are stored already */
    public ChunkStoring(OpenStore store, ChunkLookup usable) {
        this.store = store;
        this.usable = usable;
        this.tasks = store.workers().storing();
        this.contents = new PackWriter(store, tasks, this::stored);
        this.listings = new PackWriter(store, tasks, this::stored);
    }

    /** Whether a chunk need not be stored. */
    public boolean isStored(ChunkId id) {
        return usable.contains(id) || fresh.contains(id);
    }

    /** How long a chunk is that was stored before this snapshot; 0 if it was not. */
    int storedLength(ChunkId id) {
        ChunkPlace place = usable.find(id);
        return place == null ? 0 : place.length();
    }

    /** Stores chunks of contents, one after the other. For one thread; closing it lets others use its block. */
    public final class Stream implements AutoCloseable {

        private final Toolbox.Tools tools = store.tools().borrow();
        private final BlockWriter block;

        Stream() {
            BlockWriter begun = blocks.poll();
            this.block = begun == null ? new BlockWriter() : begun;
        }

        /** What this thread makes chunk ids with. */
        public Toolbox.Tools tools() {
            return tools;
        }

        /** Stores a chunk unless it is there, and answers its id. */
        public ChunkId put(byte[] bytes, int off, int len) {
            ChunkId id = tools.hasher().id(bytes, off, len);
            if (!usable.contains(id) && fresh.add(id)) {
                remembering(() -> block.add(id, bytes, off, len, tools, contents));
            }
            return id;
        }

        /** Whether a chunk need not be stored. */
        public boolean isStored(ChunkId id) {
            return ChunkStoring.this.isStored(id);
        }

        @Override
        public void close() {
            blocks.add(block);
            tools.close();
        }
    }

    /** A stream for this thread. */
    public Stream stream() {
        return new Stream();
    }

    /** Stores a chunk of a listing unless it is there. */
    @Override
    public ChunkId put(byte[] bytes, int off, int len) {
        try (Toolbox.Tools tools = store.tools().borrow()) {
            ChunkId id = tools.hasher().id(bytes, off, len);
            if (!usable.contains(id) && fresh.add(id)) {
                synchronized (listingBlock) {
                    remembering(() -> listingBlock.add(id, bytes, off, len, tools, listings));
                }
            }
            return id;
        }
    }

    /**
     * What fails here may have lost chunks that are known as fresh, and whoever is told of it may not be the one who commits: a snapshot that is written again after it would rest on
     * them.
     */
    private void remembering(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } catch (Error e) {
            failure = new IllegalStateException("an earlier chunk was not stored", e);
            throw e;
        }
    }

    /** Called by the threads that store packs. */
    private void stored(PackContents pack) {
        List<PackContents> full = List.of();
        synchronized (this) {
            unindexed.add(pack);
            storedBytes += pack.size();
            for (var block : pack.directory().blocks()) {
                unindexedChunks += block.chunks().length;
            }
            if (unindexedChunks >= MOST_UNINDEXED) {
                full = unindexed;
                unindexed = new ArrayList<>();
                unindexedChunks = 0;
            }
        }
        if (!full.isEmpty()) {
            store.index().put(full);
        }
    }

    /**
     * Stores everything that is left; when this returns all chunks and the index of them are durable. No stream may be open.
     *
     * @throws RuntimeException what any earlier step threw, so that nothing comes to rest on what was not stored
     */
    public void finish() {
        RuntimeException earlier = failure;
        if (earlier != null) {
            throw earlier;
        }
        remembering(this::storeRest);
    }

    private void storeRest() {
        try (Toolbox.Tools tools = store.tools().borrow()) {
            for (BlockWriter block = blocks.poll(); block != null; block = blocks.poll()) {
                block.flush(tools, contents);
            }
            synchronized (listingBlock) {
                listingBlock.flush(tools, listings.isUnused() ? contents : listings);
            }
        }
        contents.finish();
        listings.finish();
        List<PackContents> rest;
        synchronized (this) {
            rest = unindexed;
            unindexed = new ArrayList<>();
            unindexedChunks = 0;
        }
        if (!rest.isEmpty()) {
            store.index().put(rest);
        }
    }

    /** Removes the packs that nobody was told of by a segment, when what was stored is of no use. Only after {@link #close}. */
    public void discard() {
        List<PackContents> useless;
        synchronized (this) {
            useless = unindexed;
            unindexed = new ArrayList<>();
        }
        store.blobs().deleteAll(useless.stream().map(pack -> pack.pack().blob()).toList());
    }

    /** Bytes of the packs that were stored. */
    public synchronized long storedBytes() {
        return storedBytes;
    }

    /** Waits for what is being stored and forgets the rest. */
    @Override
    public void close() {
        tasks.close();
    }
}
