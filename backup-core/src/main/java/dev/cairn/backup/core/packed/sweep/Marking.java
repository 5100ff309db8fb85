package dev.cairn.backup.core.packed.sweep;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.LiveChunks;
import dev.cairn.backup.core.listing.ListingReader;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.read.ChunkReader;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Marks every chunk that a manifest reaches. Listings that several snapshots share are read once. For one thread. */
public final class Marking {

    private final ChunkReader chunks;
    private final LiveChunks live;
    private final CancellationToken cancellation;
    private final Set<ChunkId> listings = new HashSet<>();
    private long unknown;

    /** @param index what is known of where chunks are; it decides which of several places of a chunk counts */
    public Marking(OpenStore store, ChunkIndex index, CancellationToken cancellation) {
        ChunkIndex compact = index.compact();
        this.chunks = new ChunkReader(store, compact);
        this.live = new LiveChunks(compact);
        this.cancellation = cancellation;
    }

    /**
     * Marks what a snapshot needs.
     *
     * @throws DamagedSnapshotException if a listing cannot be read
     */
    public void mark(PackedManifest manifest) {
        for (Map.Entry<String, ChunkId> root : manifest.roots().entrySet()) {
            try {
                new ListingReader(chunks, root.getValue(), root.getKey()).forEachChunk(this::listing, this::content);
            } catch (DamagedRepositoryException e) {
                throw new DamagedSnapshotException(
                        manifest.id(), "the listing of " + root.getKey(), "cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private boolean listing(ChunkId id) {
        cancellation.throwIfCancelled("marking");
        content(id);
        return listings.add(id);
    }

    private void content(ChunkId id) {
        if (live.mark(id) == LiveChunks.Marking.UNKNOWN) {
            unknown++;
        }
    }

    /** What was marked. */
    public LiveChunks live() {
        return live;
    }

    /** How much of each pack was marked. */
    public Map<PackId, LiveChunks.PackUse> uses() {
        return live.packs().stream().collect(Collectors.toMap(LiveChunks.PackUse::pack, use -> use));
    }

    /** Where chunks are read. */
    public ChunkReader chunks() {
        return chunks;
    }

    /** How many times a chunk was needed that is in no known pack: its pack is lost, or the index does not tell all. */
    public long unknown() {
        return unknown;
    }
}
