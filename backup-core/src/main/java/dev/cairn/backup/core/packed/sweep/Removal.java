package dev.cairn.backup.core.packed.sweep;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.read.PackFile;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.StoredIndex;
import dev.cairn.backup.core.packed.write.ChunkStoring;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps 3 and 4 of a sweep: copies what is still needed out of condemned packs, then removes them. For one caller. */
final class Removal {

    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
    private static final int ATTEMPTS = 3;

    private final OpenStore store;
    private final SpaceSaver space;
    private final CancellationToken cancellation;
    private long packsRemoved;
    private long bytesFreed;
    private long packsRewritten;
    private long packsKept;

    Removal(OpenStore store, SpaceSaver space, CancellationToken cancellation) {
        this.store = store;
        this.space = space;
        this.cancellation = cancellation;
    }

    long packsRemoved() {
        return packsRemoved;
    }

    long bytesFreed() {
        return bytesFreed;
    }

    long packsRewritten() {
        return packsRewritten;
    }

    /** Packs that stay condemned, because they are needed and could not be copied. */
    long packsKept() {
        return packsKept;
    }

    void carryOut(List<Condemnation> ready) {
        Set<PackId> condemned = new HashSet<>();
        ready.forEach(condemnation -> condemned.addAll(condemnation.packs()));
        for (int attempt = 1; ; attempt++) {
            try {
                remove(condemned);
                break;
            } catch (BlobNotFoundException e) {
                // Another sweep has removed a pack that was to be copied, after it copied it itself: look again.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
        Set<PackId> left = store.index().packs().keySet();
        for (Condemnation condemnation : ready) {
            if (condemnation.packs().stream().noneMatch(left::contains)) {
                condemnation.remove(store);
            }
        }
    }

    private void remove(Set<PackId> condemned) {
        StoredIndex.View view = store.index().view();
        Marking marking = new Marking(store, view.sound(), cancellation);
        Roots.markAll(store, marking);
        Set<PackId> present = new HashSet<>(condemned);
        present.retainAll(view.packs().keySet());
        // Also where another condemned pack holds the same chunk: another sweep may take that one for granted as this
        // one would.
        Set<PackId> needed = marking.live().packsOfOnlyAvoided();
        needed.retainAll(present);
        Set<PackId> going = new HashSet<>(present);
        if (marking.unknown() > 0) { // What is missing may be in a damaged pack, which a repair may yet save.
            going.retainAll(marking.uses().keySet());
        }
        packsKept = 0;
        if (space.isFull() || !rescue(needed, view, marking, going)) {
            going.removeAll(needed); // Copies need room; there is some after this.
            packsKept = needed.size();
        }
        rewriteIndex(view, going);
        deletePacks(going, view.packs());
        packsRewritten += needed.stream().filter(going::contains).count();
    }

    /** Copies what only condemned packs hold; false if there is no room for it. A pack that cannot be read keeps its place. */
    private boolean rescue(Set<PackId> needed, StoredIndex.View view, Marking marking, Set<PackId> going) {
        if (needed.isEmpty()) {
            return true;
        }
        ChunkStoring storing = new ChunkStoring(store, view.usable());
        try (storing) {
            for (PackId pack : needed) {
                try {
                    PackDirectory directory =
                            PackFile.directory(store, pack, view.packs().getOrDefault(pack, 0L));
                    try (ChunkStoring.Stream stream = storing.stream()) {
                        for (Block block : directory.blocks()) {
                            cancellation.throwIfCancelled("sweep");
                            copy(block, marking, stream);
                        }
                    }
                } catch (DamagedRepositoryException e) {
                    LOG.warn("{} is needed and cannot be copied, so it stays: {}", pack.blob(), e.getMessage());
                    going.remove(pack);
                    packsKept++;
                }
            }
            storing.finish();
            bytesFreed -= storing.storedBytes();
            return true;
        } catch (StoreException e) {
            if (e.reason() != StoreException.Reason.FULL) {
                throw e;
            }
            LOG.info("There is no room to copy what is needed of {} condemned packs, so they stay", needed.size());
        }
        storing.discard();
        return false;
    }

    private static void copy(Block block, Marking marking, ChunkStoring.Stream stream) {
        for (ChunkId id : block.chunks()) {
            if (marking.live().isOnlyAvoided(id) && !stream.isStored(id)) {
                byte[] chunk = marking.chunks().get(id);
                stream.put(chunk, 0, chunk.length);
            }
        }
    }

    /** New segments first, then the old ones go; small ones are merged on the way. Entries of packs that are gone do no harm, so a failure costs nothing. */
    private void rewriteIndex(StoredIndex.View view, Set<PackId> going) {
        try {
            List<BlobName> old = new ArrayList<>();
            List<PackContents> kept = new ArrayList<>();
            long small = view.segments().stream()
                    .filter(segment -> segment.size() < SMALL_SEGMENT)
                    .count();
            for (BlobInfo segment : view.segments()) {
                List<PackContents> all = store.index().segment(segment.name());
                List<PackContents> staying = all.stream()
                        .filter(contents ->
                                !going.contains(contents.pack()) && view.packs().containsKey(contents.pack()))
                        .toList();
                if (staying.size() < all.size() || (segment.size() < SMALL_SEGMENT && small >= MANY_SMALL)) {
                    old.add(segment.name());
                    kept.addAll(staying);
                }
            }
            if (!old.isEmpty()) {
                store.index().put(kept);
                store.blobs().deleteAll(old);
            }
        } catch (BackupException e) {
            LOG.info("The index is left as it is: {}", e.getMessage());
        }
    }

    private static final long SMALL_SEGMENT = 1 << 20;
    private static final int MANY_SMALL = 16;

    private void deletePacks(Set<PackId> going, Map<PackId, Long> sizes) {
        cancellation.throwIfCancelled("sweep");
        List<BlobName> names = going.stream().map(PackId::blob).toList();
        store.blobs().deleteAll(names);
        store.blobs()
                .deleteAll(going.stream()
                        .map(pack -> BlobName.of(Layout.DAMAGED + "/" + pack.hex()))
                        .toList());
        packsRemoved += names.size();
        going.forEach(pack -> bytesFreed += sizes.getOrDefault(pack, 0L));
    }
}
