package dev.cairn.backup.sqlite.tables;

/** What a swap or its undoing has just done. Tests end the process at each of them. */
enum TableStep {
    /** The write lock is held; nothing is changed. */
    LOCKED,
    /** The old rows are whole and durable beside the database. */
    OLD_KEPT,
    /** The transaction holds the snapshot's rows. */
    REPLACED,
    /** The journal holds the mark that tells a commit. */
    MARKED,
    /** The snapshot's rows are live. */
    COMMITTED,
    /** Undoing: the transaction holds the old rows. */
    UNDO_REPLACED,
    /** Undoing: the old rows are live. */
    UNDO_COMMITTED
}
