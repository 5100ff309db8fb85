package dev.cairn.backup.testkit.crash;

import org.jspecify.annotations.Nullable;

/** A change with its fate so far. Compared by identity. */
final class Atom {

    final long sequence;
    final Change change;
    /** What must be kept too if this is; null for most. */
    final @Nullable Atom needs;

    private boolean durable;
    private boolean abandoned;

    Atom(long sequence, Change change, @Nullable Atom needs) {
        this.sequence = sequence;
        this.change = change;
        this.needs = needs;
    }

    boolean durable() {
        return durable;
    }

    /** A force that covers this has succeeded. */
    void force() {
        if (!abandoned) {
            durable = true;
            if (needs != null) {
                needs.force();
            }
        }
    }

    /** A force that covers this has failed: no later one saves it. */
    void abandon() {
        abandoned |= !durable;
    }
}
