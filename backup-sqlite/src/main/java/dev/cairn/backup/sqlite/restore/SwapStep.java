package dev.cairn.backup.sqlite.restore;

/** What a swap or its undoing has just made durable. Tests end the process at each of them. */
enum SwapStep {
    /** Both databases are locked; nothing is changed. */
    LOCKED,
    /** All commits of the old database are in its main file. */
    CHECKPOINTED,
    /** What could not be brought into the main file has the dated name. Skipped for a sound database. */
    SIDECARS_ASIDE,
    /** The old main file has its dated name too. */
    LINKED,
    /** The restored file is live. */
    RENAMED,
    /** No log, index or journal of the old database has the live name. */
    CLEARED,
    /** Undoing: no log, index or journal of the restored database has the live name. */
    UNDO_CLEARED,
    /** Undoing: the old main file is live. */
    UNDO_RENAMED,
    /** Undoing: what belongs to the old main file has the live name again. */
    UNDO_SIDECARS
}
