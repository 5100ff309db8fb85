package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Toolbox;
import dev.cairn.backup.core.packed.write.ChunkStoring;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Copies what snapshots need and can be read out of damaged packs, so that a sweep may remove them. For one caller. */
final class Salvage {

    private final OpenStore store;
    private final CancellationToken cancellation;
    private final List<String> actions;
    private long copied;

    Salvage(OpenStore store, CancellationToken cancellation, List<String> actions) {
        this.store = store;
        this.cancellation = cancellation;
        this.actions = actions;
    }

    void run() {
        // Manifests before the inventory, as for a check.
        StoredManifests manifests = StoredManifests.read(Inventory.anew(store), new Findings(), cancellation);
        Inventory inventory = Inventory.take(store);
        Set<PackId> damaged = new TreeSet<>(inventory.view().damaged());
        damaged.addAll(inventory.ofWrongSize());
        damaged.retainAll(inventory.view().packs().keySet());
        if (damaged.isEmpty()) {
            return;
        }
        Reach reach = Reach.of(inventory, manifests.readable(), cancellation);
        boolean all = !reach.knowsAll() || !manifests.damaged().isEmpty(); // What nobody can tell may be needed.
        IndexedDirectories indexed = IndexedDirectories.read(inventory, new Findings());
        int packs = 0;
        try (ChunkStoring storing =
                        new ChunkStoring(inventory.store(), inventory.view().usable());
                Toolbox.Tools tools = store.tools().borrow()) {
            for (PackId pack : damaged) {
                long before = copied;
                try (ChunkStoring.Stream stream = storing.stream()) {
                    PackCheck.GoodChunks copy = (id, bytes, off, len) -> {
                        cancellation.throwIfCancelled("repair");
                        if ((all || reach.isNeeded(id)) && !storing.isStored(id)) {
                            stream.put(bytes, off, len);
                            copied++;
                        }
                    };
                    long size = inventory.view().packs().getOrDefault(pack, 0L);
                    new PackCheck(inventory.store(), indexed, tools, copy).check(pack, size);
                }
                packs += copied > before ? 1 : 0;
            }
            storing.finish();
        }
        if (copied > 0) {
            actions.add("Copied " + copied + " chunks that can still be read out of " + packs + " damaged packs");
        }
    }
}
