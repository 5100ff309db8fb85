package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.BlobName;
import java.util.List;
import java.util.Set;

/** Puts segments for packs that no readable segment tells of, then removes the segments that cannot be read. For one caller. */
final class IndexRebuild {

    private final OpenStore store;
    private final List<String> actions;

    IndexRebuild(OpenStore store, List<String> actions) {
        this.store = store;
        this.actions = actions;
    }

    void run() {
        Inventory inventory = Inventory.take(store);
        List<PackContents> unindexed = inventory.unindexed().stream()
                .filter(pack -> !inventory.view().condemned().contains(pack.pack()))
                .toList();
        if (!unindexed.isEmpty()) {
            inventory.store().index().put(unindexed);
            actions.add("Put " + unindexed.size() + " packs into the index that it did not tell of");
        }
        Set<String> unreadable = inventory.unreadableSegments();
        if (!unreadable.isEmpty()) {
            store.blobs().deleteAll(unreadable.stream().map(BlobName::of).toList());
            actions.add("Removed " + unreadable.size() + " index segments that could not be read: "
                    + String.join(", ", unreadable));
        }
    }
}
