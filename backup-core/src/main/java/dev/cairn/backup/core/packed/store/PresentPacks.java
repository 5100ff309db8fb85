package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.ChunkIndex;
import dev.cairn.backup.core.index.ChunkLookup;
import dev.cairn.backup.core.index.ChunkPlace;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobStore;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that one writer may take for stored: those in packs that are there, of the right size, not condemned and not damaged. A pack is looked at when the first of its chunks is asked for,
 * so that a snapshot costs what it needs and not what the repository holds; after {@value #MOST_LOOKS} looks all packs are listed, which a store answers in fewer requests.
 *
 * <p>A look is as good as a listing, because it comes later: this is made after the writer's session stood and condemned packs were listed. A pack that was condemned before is known as
 * condemned, or gone for ever; one that is condemned afterwards stays until the session ends. Thread-safe.
 */
final class PresentPacks implements ChunkLookup {

    private static final int MOST_LOOKS = 128;

    private final BlobStore blobs;
    private final ChunkIndex index;
    private final Predicate<PackId> present;
    private final Set<PackId> doubtful;
    private final Map<PackId, Boolean> looked = new ConcurrentHashMap<>();
    private @Nullable Map<PackId, Long> listed;

    /**
     * @param index where chunks are, also in packs that are gone
     * @param doubtful packs that are condemned or damaged
     */
    PresentPacks(BlobStore blobs, ChunkIndex index, Set<PackId> doubtful) {
        this.blobs = blobs;
        this.index = index;
        this.doubtful = doubtful;
        this.present = this::isPresent;
    }

    @Override
    public boolean contains(ChunkId id) {
        return find(id) != null;
    }

    @Override
    public @Nullable ChunkPlace find(ChunkId id) {
        return index.find(id, present);
    }

    private boolean isPresent(PackId pack) {
        Boolean known = looked.get(pack);
        return known != null ? known : look(pack);
    }

    private synchronized boolean look(PackId pack) {
        Boolean known = looked.get(pack);
        if (known == null) {
            known = !doubtful.contains(pack)
                    && storedSize(pack) == index.packSize(pack).orElse(-1);
            looked.put(pack, known);
        }
        return known;
    }

    /** The size of a pack in the store; less than any pack has if it is not there. */
    private long storedSize(PackId pack) {
        if (listed == null && looked.size() >= MOST_LOOKS) {
            listed = StoredIndex.packs(blobs);
        }
        if (listed != null) {
            return listed.getOrDefault(pack, -2L);
        }
        Optional<BlobInfo> found = blobs.stat(pack.blob());
        return found.isPresent() ? found.get().size() : -2;
    }
}
