package dev.cairn.backup.cursor;

/** What a dedup window says about an event. */
public enum Sighting {
    /** Not seen before; it is remembered from now on. */
    FIRST,
    /** Seen before. Nothing was changed. */
    DUPLICATE,
    /**
     * It happened before everything that the window remembers, so that nobody can tell. Nothing was changed. Neither apply nor drop it
     * in silence: treat it as an invalid cursor, or put it aside for an operator.
     */
    TOO_OLD,
    /**
     * It was not seen before, and the window holds as much as it may. Nothing within the retention was forgotten to make room; the
     * event was not remembered and must not be applied. Asking again helps only after later events of the same source, or once the
     * window has been made anew with a greater capacity.
     */
    FULL
}
