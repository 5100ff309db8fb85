package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.core.index.LiveChunks;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.keys.slot.KeySlots;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.store.Description;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.StoredIndex;
import dev.cairn.backup.core.packed.sweep.Marking;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a store holds that none of its snapshots needs.
 *
 * @param unindexed packs in no segment
 * @param unused packs of which nothing is needed
 * @param deadBytes raw bytes of all packs that are not needed
 * @param indexedButGone packs that a segment names and that are not there
 */
public record Waste(Set<PackId> unindexed, Set<PackId> unused, long deadBytes, Set<PackId> indexedButGone) {

    /** Looks at everything, and changes nothing. */
    public static Waste in(BlobStore blobs) {
        Description description = Description.find(blobs).orElseThrow();
        try (OpenStore store =
                OpenStore.of(blobs, description, KeySlots.open(blobs, description.id(), List.of(Packed.key())))) {
            StoredIndex.View view = store.index().view();
            Marking marking = new Marking(store, view.readable(), new CancellationToken());
            for (StoredSnapshot stored : store.manifests().list()) {
                marking.mark(store.manifests().read(stored.id()));
            }
            Set<PackId> unindexed = new HashSet<>(view.packs().keySet());
            unindexed.removeAll(view.readable().packs());
            Set<PackId> unused = new HashSet<>();
            long dead = 0;
            for (LiveChunks.PackUse use : marking.uses().values()) {
                dead += use.dead();
                if (!use.isUsed()) {
                    unused.add(use.pack());
                }
            }
            Set<PackId> gone = new HashSet<>();
            for (BlobInfo segment : view.segments()) {
                for (PackContents contents : store.index().segment(segment.name())) {
                    gone.add(contents.pack());
                }
            }
            gone.removeAll(view.packs().keySet());
            return new Waste(unindexed, unused, dead, gone);
        }
    }
}
