package dev.cairn.backup.core.lineage;

import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.BlobStore;
import java.util.Optional;

/**
 * The timeline epoch of an installation, in its state store. It only ever grows. A restore reserves two numbers at once, one for itself and one for the case that it is undone, because undoing
 * must not need room on a disk. After a crash the host goes on with the greatest number that was reserved, which nobody has seen before. Thread-safe.
 */
public final class Epochs {

    private final StateSlot<Long> slot;
    private long current = TimelineEpoch.first().number();
    private long reserved = current;
    private boolean read;

    /** What the state store knows; nothing is read yet. */
    public Epochs(BlobStore state) {
        this.slot = new StateSlot<>(state, "epoch", StateSlot.Form.number("reserved"));
    }

    /**
     * The current epoch; the first, if no restore ever began. Reads the state store once.
     *
     * @throws dev.cairn.backup.StoreException if it was never read and cannot be
     */
    public synchronized TimelineEpoch known() {
        if (!read) {
            refresh();
        }
        return current();
    }

    private void refresh() {
        long stored = slot.get().orElse(reserved);
        if (stored > reserved) {
            reserved = stored;
            current = stored;
        }
        read = true;
    }

    /** The current epoch. Costs nothing. */
    public synchronized TimelineEpoch current() {
        return new TimelineEpoch(current);
    }

    /** Begins the next epoch; durable when this returns. */
    public TimelineEpoch begin() {
        return beginAbove(0);
    }

    /** The current epoch if it is newer than the given one, else a new one that is; durable when this returns. */
    public synchronized TimelineEpoch above(TimelineEpoch older) {
        return current > older.number() ? current() : beginAbove(older.number());
    }

    /** Leaves the epoch that was begun last, because its restore is undone: what belongs to it is refused like all that is older. Writes nothing. */
    public synchronized void abandon() {
        current = reserved;
    }

    private synchronized TimelineEpoch beginAbove(long older) {
        // Always above what is stored, also when asked again: of two processes that begin at once, each has two numbers
        // of its own.
        long known = Math.max(older, reserved);
        reserved = slot.update(stored -> Optional.of(Math.addExact(Math.max(known, stored.orElse(0L)), 2)));
        current = reserved - 1;
        read = true;
        return current();
    }
}
