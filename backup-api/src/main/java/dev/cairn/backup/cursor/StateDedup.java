package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.util.Map;

/**
 * The content of a {@link StateDedupWindow}: which events the host's state holds. It belongs into the {@link SnapshotCut} and goes back with it.
 *
 * @param sources what is remembered, by source
 */
public record StateDedup(Map<String, SourceSightings> sources) {

    private static final StateDedup EMPTY = new StateDedup(Map.of());

    /**
     * @throws InvalidValueException if an event stands under another source's name
     * @throws LimitExceededException if there are more than 10 000 sources or 1 000 000 events
     */
    public StateDedup {
        sources = DedupWindow.checked(sources);
    }

    /** Nothing seen yet. */
    public static StateDedup empty() {
        return EMPTY;
    }
}
