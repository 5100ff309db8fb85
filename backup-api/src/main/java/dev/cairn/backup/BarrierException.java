package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * The host's barrier did not do its part. The snapshot failed; nothing is listed.
 */
public final class BarrierException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** {@link Barrier#hold} returned and had not run the action to its end. */
        NOT_RUN,
        /** The action was run a second time. */
        RUN_TWICE,
        /** The lock was not got in time; also what a caller sees that holds the host's lock while it calls Cairn. */
        TIMEOUT,
        /** {@link Barrier#hold} threw. */
        FAILED
    }

    private final Reason reason;

    /**
     * @param reason what went wrong
     * @param problem the same in words
     * @param nextStep what to do about it
     * @param cause the underlying failure, or null
     */
    public BarrierException(Reason reason, String problem, String nextStep, @Nullable Throwable cause) {
        super(problem, nextStep, null, cause);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
