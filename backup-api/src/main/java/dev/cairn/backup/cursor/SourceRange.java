package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;

/**
 * What a source says it can deliver. Ask for it whenever a connection is made, and after every restart and restore.
 *
 * @param incarnation the incarnation's id: 1 to 200 characters. A source that has lost or changed any event it once delivered must give
 *     itself a new one, for positions alone do not tell once it has grown past the cursor again
 * @param beginning the position of the oldest event that it still has and will keep; see {@link #acknowledged}
 * @param end the position that its next event will get, at least beginning
 */
public record SourceRange(String incarnation, long beginning, long end) {

    /** @throws InvalidValueException if a value is out of bounds */
    public SourceRange {
        Name.checked("incarnation", incarnation);
        if (beginning < 0) {
            throw new InvalidValueException("beginning", beginning, "0 or more");
        }
        if (end < beginning) {
            throw new InvalidValueException("end", end, "the beginning, which is " + beginning + ", or more");
        }
    }

    /**
     * The range without what was acknowledged. The source is free to compact that at any time, so it counts as gone even while it can
     * still be read: a cursor that went back there would be overtaken by the compaction.
     *
     * @param position up to where, exclusively, the host has ever acknowledged this incarnation. Store it outside every dataset,
     *     before it is sent: an acknowledgement cannot be taken back by a restore
     * @throws InvalidValueException if it is beyond the end: what was acknowledged, the source had
     */
    public SourceRange acknowledged(long position) {
        if (position > end) {
            throw new InvalidValueException(
                    "acknowledged position", position, "the end, which is " + end + ", or less");
        }
        return position <= beginning ? this : new SourceRange(incarnation, position, end);
    }
}
