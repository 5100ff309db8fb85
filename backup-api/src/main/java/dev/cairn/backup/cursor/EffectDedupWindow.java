package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;

/**
 * Tells which effects the outside world has seen: sent messages, dead letters, calls to others. Never goes back. To send at least once, ask
 * {@link #holds}, send, then {@link #observe}; to send at most once, observe first. Once and only once takes a receiver that knows the key. Not
 * thread-safe.
 */
public final class EffectDedupWindow extends DedupWindow {

    private EffectDedupWindow(DedupBounds bounds, EffectDedup content) {
        super(bounds, content.sources());
    }

    /** An empty window. */
    public static EffectDedupWindow empty(DedupBounds bounds) {
        return new EffectDedupWindow(bounds, EffectDedup.empty());
    }

    /**
     * The window as it was stored last, also after a restore: that is the point of it.
     *
     * @throws LimitExceededException if the content is more than the bounds allow
     * @throws InvalidValueException if an event stands there twice
     */
    public static EffectDedupWindow of(DedupBounds bounds, EffectDedup content) {
        return new EffectDedupWindow(bounds, content);
    }

    /** The content now, to be stored outside every dataset. Takes time in proportion to it. */
    public EffectDedup content() {
        return new EffectDedup(sightings());
    }
}
