package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.listing.ListingReader;
import dev.cairn.backup.core.packed.store.PackedManifest;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the manifests reach. Listings that several snapshots share are read once, and one that cannot be read hides only what is below it. Needs a bit a chunk and an id a listing. For one
 * thread.
 */
final class Reach {

    private final ChunkIndex index;
    private final ListingChunks listings;
    private final CancellationToken cancellation;
    private final BitSet needed = new BitSet();
    private final Set<ChunkId> seen = new HashSet<>();
    private final Set<ChunkId> missing = new HashSet<>();
    private final Set<String> malformed = new HashSet<>();

    private Reach(Inventory inventory, CancellationToken cancellation) {
        this.index = inventory.index();
        this.listings = new ListingChunks(inventory);
        this.cancellation = cancellation;
    }

    /** Reads all listings. */
    static Reach of(Inventory inventory, List<PackedManifest> manifests, CancellationToken cancellation) {
        Reach reach = new Reach(inventory, cancellation);
        for (PackedManifest manifest : manifests) {
            for (Map.Entry<String, ChunkId> root : manifest.roots().entrySet()) {
                reach.walk(root.getKey(), root.getValue());
            }
        }
        return reach;
    }

    private void walk(String dataset, ChunkId root) {
        try {
            new ListingReader(listings, root, dataset).forEachChunk(this::descend, this::content);
        } catch (DamagedRepositoryException e) {
            malformed.add(Findings.sentence(e)); // Stored as it was written, and yet no listing.
        }
    }

    private boolean descend(ChunkId id) {
        cancellation.throwIfCancelled("check");
        if (!seen.add(id)) {
            return false;
        }
        content(id);
        return listings.read(id) != null;
    }

    private void content(ChunkId id) {
        int ordinal = index.ordinal(id);
        if (ordinal < 0) {
            missing.add(id);
        } else {
            needed.set(ordinal);
        }
    }

    /** Whether all listings could be read and every chunk is in some pack. */
    boolean isWhole() {
        return missing.isEmpty() && knowsAll();
    }

    /** Whether all listings could be read. */
    boolean knowsAll() {
        return listings.unreadable().isEmpty() && malformed.isEmpty();
    }

    /** Whether a snapshot is known to need the chunk. */
    boolean isNeeded(ChunkId id) {
        int ordinal = index.ordinal(id);
        return ordinal >= 0 && needed.get(ordinal);
    }

    /** Chunks that are in no pack of the store. */
    Set<ChunkId> missing() {
        return missing;
    }

    /** Chunks of listings that cannot be read, with the reason. */
    Map<ChunkId, String> unreadable() {
        return listings.unreadable();
    }

    /** Listings that were read and are none, as sentences. */
    Set<String> malformed() {
        return malformed;
    }

    /** Where listings are read. */
    ListingChunks listings() {
        return listings;
    }
}
