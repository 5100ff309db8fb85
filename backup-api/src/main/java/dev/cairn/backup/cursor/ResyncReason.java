package dev.cairn.backup.cursor;

/** Why a source has to be read anew. */
public enum ResyncReason {
    /** The rewind that would be needed goes further back than allowed. */
    REWIND_LIMIT,
    /** The source called the cursor invalid several times in a row. */
    INVALID_STREAK,
    /** The source no longer has the next event. */
    COMPACTED,
    /** The source is another incarnation of itself. */
    OTHER_INCARNATION
}
