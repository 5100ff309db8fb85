package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;

/** Tells which events the host's state holds already. Goes back with the state. Not thread-safe. */
public final class StateDedupWindow extends DedupWindow {

    private StateDedupWindow(DedupBounds bounds, StateDedup content) {
        super(bounds, content.sources());
    }

    /** An empty window. */
    public static StateDedupWindow empty(DedupBounds bounds) {
        return new StateDedupWindow(bounds, StateDedup.empty());
    }

    /**
     * The window as it was when its content was taken: after a start from the host's own store, or after a restore out of the snapshot's cut.
     *
     * @throws LimitExceededException if the content is more than the bounds allow
     * @throws InvalidValueException if an event stands there twice
     */
    public static StateDedupWindow of(DedupBounds bounds, StateDedup content) {
        return new StateDedupWindow(bounds, content);
    }

    /**
     * Forgets one source: its rows were discarded for a full resync. Where the source's log may hold one event twice, observe the events that its own
     * state already contains before reading on.
     */
    public void forget(String source) {
        forgetAll(source);
    }

    /** The content now. Takes time in proportion to it, inside the barrier. */
    public StateDedup content() {
        return new StateDedup(sightings());
    }
}
