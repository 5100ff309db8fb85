package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * Watermarks together with what they were counted in and from. Positions of two incarnations of a source have nothing to do with each
 * other, so they are never compared.
 *
 * @param incarnation the incarnation's id, as the source names it: 1 to 200 characters
 * @param base where the host's rows began: zero, or the position of the source's own state that a resync took over. The events below it
 *     are in that state without the dedup window knowing them, so they must never be replayed. At most committed
 * @param watermarks the positions
 */
public record SourceCursor(String incarnation, long base, CursorWatermarks watermarks) {

    /** @throws InvalidValueException if the incarnation's id is not allowed or the base not between zero and committed */
    public SourceCursor {
        Name.checked("incarnation", incarnation);
        if (base < 0 || base > watermarks.committed()) {
            throw new InvalidValueException("base", base, "0 to committed, which is " + watermarks.committed());
        }
    }

    /** A cursor at the beginning of an incarnation all of whose events are to be read. */
    public static SourceCursor start(String incarnation) {
        return new SourceCursor(incarnation, 0, CursorWatermarks.start());
    }

    /**
     * A cursor after a resync.
     *
     * @param incarnation the source's incarnation
     * @param position the position of the source's own state: the first event that is not in it
     * @throws InvalidValueException if the position is negative
     */
    public static SourceCursor resynced(String incarnation, long position) {
        return new SourceCursor(incarnation, position, CursorWatermarks.at(position));
    }

    /** The next position to apply. */
    public long committed() {
        return watermarks.committed();
    }

    /** The next position to fetch. */
    public long fetched() {
        return watermarks.fetched();
    }

    /** As {@link CursorWatermarks#advanceFetched(long)}. */
    public SourceCursor advanceFetched(long position) {
        return with(watermarks.advanceFetched(position));
    }

    /** As {@link CursorWatermarks#commit(long)}. */
    public SourceCursor commit(long position) {
        return with(watermarks.commit(position));
    }

    /** As {@link CursorWatermarks#retryFromCommitted()}. */
    public SourceCursor retryFromCommitted() {
        return with(watermarks.retryFromCommitted());
    }

    /**
     * As {@link CursorWatermarks#safeRewind(long, Duration, RewindLimits)}, and refused below the base.
     *
     * @return {@link RewindOutcome.Rewound} with what {@link #rewound} takes, or why not
     */
    public RewindOutcome safeRewind(long target, Duration ageOfTarget, RewindLimits limits) {
        RewindOutcome outcome = watermarks.safeRewind(target, ageOfTarget, limits);
        return outcome instanceof RewindOutcome.Rewound && target < base
                ? new RewindOutcome.BelowBase(target, base)
                : outcome;
    }

    /** This cursor after a rewind that was allowed. */
    public SourceCursor rewound(RewindOutcome.Rewound outcome) {
        return with(outcome.watermarks());
    }

    private SourceCursor with(CursorWatermarks other) {
        return other.equals(watermarks) ? this : new SourceCursor(incarnation, base, other);
    }
}
