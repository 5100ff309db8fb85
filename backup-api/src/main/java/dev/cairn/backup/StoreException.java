package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * A blob store could not do what was asked.
 */
public final class StoreException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The store cannot be reached or opened. */
        UNREACHABLE,
        /** No space is left, or a quota is exhausted. */
        FULL,
        /** Permission denied or a read-only medium. */
        DENIED,
        /** The operation may or may not have taken effect. */
        OUTCOME_UNKNOWN,
        /** The store lacks an ability that is needed. */
        UNSUPPORTED,
        /** Any other input or output error. */
        IO
    }

    private final Reason reason;

    /**
     * @param reason what went wrong
     * @param problem the same in words, naming the blob or place
     * @param nextStep what to do about it
     * @param cause the underlying failure, or null
     */
    public StoreException(Reason reason, String problem, String nextStep, @Nullable Throwable cause) {
        super(problem, nextStep, null, cause);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
