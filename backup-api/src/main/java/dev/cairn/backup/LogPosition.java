package dev.cairn.backup;

/**
 * A place in the change log of a dataset that is protected continuously: behind that many transactions of that timeline. Positions of different timelines have no order.
 *
 * @param timeline 32 lower-case hexadecimal digits; a new one begins whenever it cannot be proved that nothing is missing from the log
 * @param transaction how many transactions of the timeline lie before it, at least 0
 */
public record LogPosition(String timeline, long transaction) {

    /** @throws InvalidValueException if either is not allowed */
    public LogPosition {
        if (!timeline.matches("[0-9a-f]{32}")) {
            throw new InvalidValueException("timeline", timeline, "32 lower-case hexadecimal digits");
        }
        if (transaction < 0) {
            throw new InvalidValueException("transaction", transaction, "0 or more");
        }
    }

    /** Whether this lies at or behind the other, on the same timeline. */
    public boolean reaches(LogPosition other) {
        return timeline.equals(other.timeline) && transaction >= other.transaction;
    }

    /** {@code <timeline>@<transaction>}. */
    @Override
    public String toString() {
        return timeline + "@" + transaction;
    }
}
