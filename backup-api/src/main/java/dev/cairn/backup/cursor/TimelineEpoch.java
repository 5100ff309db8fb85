package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;

/**
 * The number of a stretch of history between two restores. Every restore mints the next one, durably and before the host resumes; commits,
 * acknowledgements and one-time tokens of an older one are refused, because the restore may have undone what they rest on.
 *
 * @param number from 1 upward
 */
public record TimelineEpoch(long number) implements Comparable<TimelineEpoch> {

    private static final TimelineEpoch FIRST = new TimelineEpoch(1);

    /** @throws InvalidValueException if the number is less than 1 */
    public TimelineEpoch {
        if (number < 1) {
            throw new InvalidValueException("timeline epoch", number, "1 or more");
        }
    }

    /** The epoch of an installation that has never been restored. */
    public static TimelineEpoch first() {
        return FIRST;
    }

    /** The epoch that a restore begins. Minting is only worth something once it is stored. */
    public TimelineEpoch next() {
        return new TimelineEpoch(Math.addExact(number, 1));
    }

    /**
     * Refuses what does not belong to this epoch, older or newer.
     *
     * @param attempted the epoch that a call came from
     * @throws StaleEpochException if it is another
     */
    public void admit(TimelineEpoch attempted) {
        if (!equals(attempted)) {
            throw new StaleEpochException(this, attempted);
        }
    }

    @Override
    public int compareTo(TimelineEpoch other) {
        return Long.compare(number, other.number);
    }
}
