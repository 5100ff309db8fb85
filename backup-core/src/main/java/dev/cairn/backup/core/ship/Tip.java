package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogShipping;

/**
 * The end of what is kept of a dataset's log.
 *
 * @param timeline its timeline
 * @param number the last segment
 * @param digest SHA-256 of its body
 * @param transaction how many transactions lie before its end
 * @param open whether a transaction is open there
 * @param resume where the source's log stands, in its words
 */
record Tip(Timeline timeline, long number, byte[] digest, long transaction, boolean open, String resume) {

    static Tip of(Timeline timeline, SegmentHeader last, byte[] digest) {
        return new Tip(timeline, last.number(), digest, last.after(), last.open(), last.resume());
    }

    LogPosition position() {
        return new LogPosition(timeline.id(), transaction);
    }

    LogShipping.Last last() {
        return new LogShipping.Last(position(), timeline.pageSize(), resume, open);
    }
}
