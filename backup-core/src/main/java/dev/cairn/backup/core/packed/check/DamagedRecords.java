package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;

/** The records that tell writers which packs to store anew. A store that cannot be written is checked all the same. Thread-safe. */
final class DamagedRecords {

    private final Inventory inventory;
    private final BlobStore blobs;
    private final Findings findings;

    DamagedRecords(Inventory inventory, Findings findings) {
        this.inventory = inventory;
        this.blobs = inventory.store().blobs();
        this.findings = findings;
    }

    private static BlobName record(PackId pack) {
        return BlobName.of(Layout.DAMAGED + "/" + pack.hex());
    }

    /** Records a pack that is wrong; the record of one that a sweep has just removed is taken back. */
    void wrong(PackId pack, String sentence) {
        writing(() -> {
            Layout.put(blobs, record(pack), BlobContent.of(sentence + "\n"));
            removeIfGone(pack);
        });
    }

    /** Removes the record of a pack that is right. */
    void right(PackId pack) {
        if (inventory.view().damaged().contains(pack)) {
            writing(() -> blobs.delete(record(pack)));
        }
    }

    /** Removes the records of packs that are gone. */
    void removeStale() {
        for (PackId pack : inventory.view().damaged()) {
            if (!inventory.view().packs().containsKey(pack)) {
                writing(() -> removeIfGone(pack));
            }
        }
    }

    private void removeIfGone(PackId pack) {
        if (blobs.stat(pack.blob()).isEmpty()) {
            blobs.delete(record(pack));
        }
    }

    private void writing(Runnable step) {
        try {
            step.run();
        } catch (StoreException e) {
            findings.warning("What was found of packs could not be recorded: " + Findings.sentence(e));
        }
    }
}
