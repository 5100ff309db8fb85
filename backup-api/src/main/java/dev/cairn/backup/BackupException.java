package dev.cairn.backup;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Base of every error that Cairn reports. It says what happened, which snapshot it is about and what to do next.
 *
 * <p>Subtypes tell callers apart by what they can do about the failure; catching this type catches them all.
 */
public abstract class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String message;
    private final String nextStep;
    private final transient @Nullable SnapshotId snapshot;

    /**
     * @param problem what happened, naming the value concerned
     * @param nextStep what the caller or operator can do about it
     * @param snapshot the snapshot it is about, or null when it is about none
     * @param cause the underlying failure, or null
     */
    protected BackupException(
            String problem, String nextStep, @Nullable SnapshotId snapshot, @Nullable Throwable cause) {
        super(cause);
        this.message = Objects.requireNonNull(problem, "problem") + ". " + Objects.requireNonNull(nextStep, "nextStep");
        this.nextStep = nextStep;
        this.snapshot = snapshot;
    }

    /** What happened and what to do next. */
    @Override
    public final String getMessage() {
        return message;
    }

    /** What to do next, one sentence; it is also the end of {@link #getMessage()}. */
    public final String nextStep() {
        return nextStep;
    }

    /** The snapshot that this is about, if it is about one. */
    public final Optional<SnapshotId> snapshot() {
        return Optional.ofNullable(snapshot);
    }
}
