package dev.cairn.backup.cursor;

/** What the simulated host gets wrong. Each is a mistake that real hosts have made; the simulation must notice every one. */
enum HostMistake {
    NONE,
    /** Acknowledges what it has committed, whether or not a snapshot holds it. */
    ACK_BEFORE_DURABLE,
    /** The cursors are kept apart from the state and survive its restore. */
    CURSOR_FROM_LIVE_STORE,
    /** Remembers events for 30 seconds, and takes what it no longer knows for new. */
    DEDUP_TOO_SHORT,
    /** The state's dedup window is kept apart from the state and survives its restore. */
    DEDUP_OUTSIDE_CUT,
    /** The effects' dedup window is restored with the state. */
    EFFECTS_INSIDE_CUT,
    /** A restore goes on in the epoch that it found. */
    EPOCH_NOT_MINTED,
    /** After an invalid cursor what is in flight is dropped, but fetched stays. */
    RETRY_KEEPS_FETCHED,
    /** A source that has compacted is read on from where it ends. */
    JUMP_TO_LATEST,
    /** Positions are compared, incarnations are not. */
    IGNORES_INCARNATION,
    /** The cursor is stored when events are fetched, the state when they are applied. */
    CURSOR_STORED_AT_FETCH,
    /** After a resync it replays events that the source's own state already held. */
    REPLAYS_BELOW_BASE,
    /** Goes back to what it has acknowledged, as long as the source happens to have it. */
    FORGETS_ACKNOWLEDGEMENTS
}
