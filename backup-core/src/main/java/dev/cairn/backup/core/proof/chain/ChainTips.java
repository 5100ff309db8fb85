package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.core.proof.digest.RecordForm;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The heads of the chain, in the state store: the snapshots of this lineage that no other continues yet. Usually one; two after two processes took snapshots at the same time, until the next
 * snapshot continues both. Thread-safe.
 */
final class ChainTips {

    private final StateSlot<List<SnapshotLink>> slot;

    ChainTips(BlobStore state) {
        this.slot = new StateSlot<>(state, "chain", new Form());
    }

    /** The heads; empty if none was ever kept. */
    Optional<List<SnapshotLink>> get() {
        return slot.get();
    }

    /** Remembers a snapshot in the place of those that it continues. */
    void advance(SnapshotLink snapshot, Collection<SnapshotLink> continued) {
        slot.update(old -> Optional.of(after(old.orElse(List.of()), snapshot, continued)));
    }

    /** The heads once a snapshot has continued some of them. */
    static List<SnapshotLink> after(
            List<SnapshotLink> tips, SnapshotLink snapshot, Collection<SnapshotLink> continued) {
        List<SnapshotLink> after = new ArrayList<>(tips);
        after.removeIf(tip -> continued.contains(tip) || tip.id().equals(snapshot.id()));
        after.add(snapshot);
        after.sort(Comparator.comparingLong(SnapshotLink::sequence));
        return after;
    }

    private static final class Form implements StateSlot.Form<List<SnapshotLink>> {
        @Override
        public JsonObject write(List<SnapshotLink> tips) {
            return new JsonObject().put("tips", RecordForm.json(tips));
        }

        @Override
        public List<SnapshotLink> read(JsonObject json) throws JsonFormatException {
            return RecordForm.links(json.objects("tips"));
        }
    }
}
