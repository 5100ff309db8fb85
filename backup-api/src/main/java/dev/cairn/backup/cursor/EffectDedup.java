package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.util.Map;

/**
 * The content of an {@link EffectDedupWindow}: which events the outside world has been told of. The host stores it outside every dataset: what
 * was sent stays sent, whatever is restored. A {@link SnapshotCut} does not accept it.
 *
 * @param sources what is remembered, by source
 */
public record EffectDedup(Map<String, SourceSightings> sources) {

    private static final EffectDedup EMPTY = new EffectDedup(Map.of());

    /**
     * @throws InvalidValueException if an event stands under another source's name
     * @throws LimitExceededException if there are more than 10 000 sources or 1 000 000 events
     */
    public EffectDedup {
        sources = DedupWindow.checked(sources);
    }

    /** Nothing sent yet. */
    public static EffectDedup empty() {
        return EMPTY;
    }
}
