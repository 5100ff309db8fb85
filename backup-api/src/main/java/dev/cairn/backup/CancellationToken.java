package dev.cairn.backup;

/** Asks a running operation to stop. Thread-safe; once cancelled it stays so. */
public final class CancellationToken {

    private volatile boolean cancelled;

    /** A token that is not cancelled. */
    public CancellationToken() {}

    /** Asks for the end. Idempotent. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Ends the caller's work if it is no longer wanted; a thread's interrupt counts too, its flag stays set.
     *
     * @param operation what is going on, for the message
     * @throws BackupCancelledException if cancelled or interrupted
     */
    public void throwIfCancelled(String operation) {
        if (cancelled || Thread.currentThread().isInterrupted()) {
            throw new BackupCancelledException(operation);
        }
    }
}
