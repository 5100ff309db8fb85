package dev.cairn.backup.core.drill;

import dev.cairn.backup.DrillReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.spi.BlobStore;
import java.util.Optional;

/**
 * What an installation remembers of its drills, in its state store: how many there were, which snapshot one is at, what the last has shown. Thread-safe; every change is durable when its method returns.
 */
public final class DrillRecords {

    private static final String NOBODY = "";

    private final StateSlot<Long> number;
    private final StateSlot<String> underWay;
    private final StateSlot<DrillReport> last;

    /** The records in that state store; nothing is read yet. */
    public DrillRecords(BlobStore state) {
        this.number = new StateSlot<>(state, "drills/number", StateSlot.Form.number("last"));
        this.underWay = new StateSlot<>(state, "drills/under-way", StateSlot.Form.text("snapshot"));
        this.last = new StateSlot<>(state, "drills/last", new DrillForm());
    }

    /** How many drills have begun. */
    public long count() {
        return number.get().orElse(0L);
    }

    /** The id of a drill that begins. */
    String next() {
        return "drill-" + number.update(old -> Optional.of(old.orElse(0L) + 1));
    }

    /** A drill is about to pin that snapshot. */
    void begun(SnapshotId snapshot) {
        underWay.set(snapshot.value());
    }

    /** No pin is left. */
    void ended() {
        if (pinned().isPresent()) {
            underWay.set(NOBODY);
        }
    }

    /** The snapshot that a drill has pinned, perhaps one whose process died. */
    Optional<SnapshotId> pinned() {
        return underWay.get().filter(id -> !id.equals(NOBODY)).map(SnapshotId::of);
    }

    /** Remembers what a drill has shown. */
    void shown(DrillReport report) {
        last.set(report);
    }

    /** What the last drill has shown, in whichever process. */
    public Optional<DrillReport> last() {
        return last.get();
    }
}
