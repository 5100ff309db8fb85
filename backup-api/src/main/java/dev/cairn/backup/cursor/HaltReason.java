package dev.cairn.backup.cursor;

/** Why no automatic recovery is right. */
public enum HaltReason {
    /**
     * The source ends before what the host has applied. Either it is behind and will catch up, or it has lost events that only the host still
     * holds. To go on from the source's state, the operator registers the source anew, under a new incarnation.
     */
    SOURCE_LOST_APPLIED_EVENTS,
    /** The dedup window is full: whether further events were applied already could not be told. Raise its capacity. */
    DEDUP_FULL
}
