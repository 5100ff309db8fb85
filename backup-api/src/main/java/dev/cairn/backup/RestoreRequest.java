package dev.cairn.backup;

import java.util.Optional;

/**
 * What a caller wants restored. The target is fixed by id, so that "latest" can never come to mean a snapshot taken meanwhile. Immutable.
 *
 * @param target the snapshot
 * @param datasets which of its datasets
 * @param approval an operator's approval of a snapshot that is too old
 * @param bootstrap whether this installation is declared to be new, with no version of its own yet: the version test is skipped
 * @param cancellation asks it to stop; heeded until the first swap
 * @param progress told how far it has come
 */
public record RestoreRequest(
        SnapshotId target,
        DatasetSelection datasets,
        Optional<Approval> approval,
        boolean bootstrap,
        CancellationToken cancellation,
        ProgressListener progress) {

    /**
     * An operator's approval of {@link RestoreVerdict.TooOld}. Nothing approves {@link RestoreVerdict.VersionAhead}.
     *
     * @param operator who, not blank
     * @param reason why, not blank
     */
    public record Approval(String operator, String reason) {
        /** @throws InvalidValueException if either is blank */
        public Approval {
            if (operator.isBlank()) {
                throw new InvalidValueException("operator", operator, "a name");
            }
            if (reason.isBlank()) {
                throw new InvalidValueException("reason", reason, "a reason in words");
            }
        }
    }

    /** All datasets of the snapshot, without approval. */
    public static RestoreRequest of(SnapshotId target) {
        return new RestoreRequest(
                target,
                DatasetSelection.all(),
                Optional.empty(),
                false,
                new CancellationToken(),
                ProgressListener.NONE);
    }

    /** Only some datasets. */
    public RestoreRequest datasets(DatasetSelection value) {
        return new RestoreRequest(target, value, approval, bootstrap, cancellation, progress);
    }

    /** With an operator's approval of a snapshot that is too old. */
    public RestoreRequest approvedBy(String operator, String reason) {
        return new RestoreRequest(
                target, datasets, Optional.of(new Approval(operator, reason)), bootstrap, cancellation, progress);
    }

    /** Declares this installation to be new. */
    public RestoreRequest asBootstrap() {
        return new RestoreRequest(target, datasets, approval, true, cancellation, progress);
    }

    /** With a token that can stop it. */
    public RestoreRequest cancellation(CancellationToken value) {
        return new RestoreRequest(target, datasets, approval, bootstrap, value, progress);
    }

    /** With a listener for its progress. */
    public RestoreRequest progress(ProgressListener value) {
        return new RestoreRequest(target, datasets, approval, bootstrap, cancellation, value);
    }
}
