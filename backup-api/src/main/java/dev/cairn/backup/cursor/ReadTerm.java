package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;

/**
 * What a reader was under when it fetched: a restore, a rewind or a resync ends it, and whoever still works under it is refused.
 *
 * @param epoch the timeline epoch
 * @param number counts rewinds and resyncs within the epoch, from 0
 */
public record ReadTerm(TimelineEpoch epoch, long number) {

    /** @throws InvalidValueException if the number is negative */
    public ReadTerm {
        if (number < 0) {
            throw new InvalidValueException("term", number, "0 or more");
        }
    }

    ReadTerm next() {
        return new ReadTerm(epoch, Math.addExact(number, 1));
    }
}
