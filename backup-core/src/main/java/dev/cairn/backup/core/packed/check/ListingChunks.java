package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.chunk.ChunkSource;
import dev.cairn.backup.core.packed.read.ChunkReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of listings, for walks that go on where one of them cannot be read: {@link #read} is asked before a listing is descended into, and what it read is handed over at once. For one
 * thread.
 */
final class ListingChunks implements ChunkSource {

    private final Inventory inventory;
    private final Map<ChunkId, String> unreadable = new HashMap<>();
    private ChunkReader chunks;
    private @Nullable ChunkId last;
    private byte[] lastBytes = new byte[0];

    ListingChunks(Inventory inventory) {
        this.inventory = inventory;
        this.chunks = reader();
    }

    private ChunkReader reader() {
        return new ChunkReader(inventory.store(), inventory.index());
    }

    /** A chunk of a listing, or null if it cannot be read, which is remembered. */
    byte @Nullable [] read(ChunkId id) {
        if (unreadable.containsKey(id)) {
            return null;
        }
        try {
            return get(id);
        } catch (DamagedRepositoryException e) {
            unreadable.put(id, Findings.sentence(e));
            return null;
        }
    }

    @Override
    public byte[] get(ChunkId id) {
        if (id.equals(last)) {
            return lastBytes;
        }
        try {
            lastBytes = chunks.get(id);
        } catch (DamagedRepositoryException e) {
            chunks = reader(); // It has read the index again, which does not tell of all packs.
            throw e;
        } catch (StoreException e) {
            throw new DamagedRepositoryException("chunk " + id.hex(), "cannot be read: " + Findings.readError(e), e);
        }
        last = id;
        return lastBytes;
    }

    /** Chunks of listings that could not be read, with the reason. */
    Map<ChunkId, String> unreadable() {
        return unreadable;
    }

    /** Whether a chunk is a leaf; see the format, section 8. */
    static boolean isLeaf(byte[] listing) {
        return listing.length > 0 && listing[0] == 0;
    }
}
