package dev.cairn.backup;

/** Why a snapshot was taken. */
public enum SnapshotTrigger {
    /** A schedule was due. */
    PERIODIC,
    /** The host shut down. */
    SHUTDOWN,
    /** Someone asked for it, or a restore took it for safety. */
    MANUAL
}
