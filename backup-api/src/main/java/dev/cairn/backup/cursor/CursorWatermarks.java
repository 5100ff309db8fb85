package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;
import java.time.Duration;

/**
 * How far one source has been fetched and how far that has been applied. Both are positions of the next event: everything below committed
 * is in the host's state, everything from committed to fetched is in its hands, and nothing else is. Immutable; a refused call changes nothing.
 *
 * @param fetched the next position to fetch
 * @param committed the next position to apply, at most fetched
 */
public record CursorWatermarks(long fetched, long committed) {

    private static final CursorWatermarks START = new CursorWatermarks(0, 0);

    /** @throws InvalidValueException if committed is negative or above fetched */
    public CursorWatermarks {
        if (committed < 0) {
            throw new InvalidValueException("committed", committed, "0 or more");
        }
        if (fetched < committed) {
            throw new InvalidValueException("fetched", fetched, "committed, which is " + committed + ", or more");
        }
    }

    /** Nothing fetched, nothing committed. */
    public static CursorWatermarks start() {
        return START;
    }

    /**
     * Both at one position: after a restart, or after a resync with a source's own state as of that position.
     *
     * @param position the next position to fetch and to apply
     * @throws InvalidValueException if it is negative
     */
    public static CursorWatermarks at(long position) {
        return new CursorWatermarks(position, position);
    }

    /** How many events have been fetched and not committed. */
    public long inFlight() {
        return fetched - committed;
    }

    /**
     * @param position the next position to fetch; the present one changes nothing
     * @throws CursorRegressionException if it is lower than fetched
     */
    public CursorWatermarks advanceFetched(long position) {
        if (position < fetched) {
            throw new CursorRegressionException("fetched", fetched, position);
        }
        return position == fetched ? this : new CursorWatermarks(position, committed);
    }

    /**
     * @param position the next position to apply; the present one changes nothing
     * @throws CursorRegressionException if it is lower than committed
     * @throws AheadOfFetchedException if it has not been fetched
     */
    public CursorWatermarks commit(long position) {
        if (position < committed) {
            throw new CursorRegressionException("committed", committed, position);
        }
        if (position > fetched) {
            throw new AheadOfFetchedException("commit", fetched, position);
        }
        return position == committed ? this : new CursorWatermarks(fetched, position);
    }

    /**
     * Fetches again from committed: after an invalid cursor, a restart or a restore, when what was in flight is dropped. Were fetched left where
     * it is, the dropped events would never come again.
     */
    public CursorWatermarks retryFromCommitted() {
        return fetched == committed ? this : at(committed);
    }

    /** As {@link #safeRewind(long, Duration, RewindLimits)} with {@link RewindLimits#defaults()}. */
    public RewindOutcome safeRewind(long target, Duration ageOfTarget) {
        return safeRewind(target, ageOfTarget, RewindLimits.defaults());
    }

    /**
     * Goes back to an earlier position: committed and fetched both become the target. Where the target is still in flight, both become
     * committed instead, for a rewind drops what is in flight, and to move committed forward would declare that applied.
     *
     * @param target the position to read from next
     * @param ageOfTarget how long ago the event there happened; a negative age counts as zero
     * @param limits how far back is allowed; the number of events is tested first
     * @throws InvalidValueException if the target is negative
     * @throws AheadOfFetchedException if the target is above fetched
     */
    public RewindOutcome safeRewind(long target, Duration ageOfTarget, RewindLimits limits) {
        if (target < 0) {
            throw new InvalidValueException("target", target, "0 to " + fetched);
        }
        if (target > fetched) {
            throw new AheadOfFetchedException("rewind", fetched, target);
        }
        long back = fetched - target;
        if (back > limits.events()) {
            return new RewindOutcome.TooManyEvents(back, limits.events());
        }
        if (ageOfTarget.compareTo(limits.window()) > 0) {
            return new RewindOutcome.TooOld(ageOfTarget, limits.window());
        }
        return new RewindOutcome.Rewound(at(Math.min(target, committed)));
    }
}
