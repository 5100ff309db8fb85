package dev.cairn.backup;

import java.util.Optional;
import java.util.Set;

/**
 * What a caller wants restored. The target is fixed by id, so that "latest" can never come to mean a snapshot taken meanwhile. Immutable.
 *
 * @param target the snapshot
 * @param datasets which of its datasets
 * @param approval an operator's approval of a snapshot that is too old
 * @param bootstrap whether this installation is declared to be new, with no version of its own yet: the version test is skipped
 * @param cancellation asks it to stop; heeded until the first swap
 * @param progress told how far it has come
 * @param point a state between snapshots, of one dataset; the target is then its base
 */
public record RestoreRequest(
        SnapshotId target,
        DatasetSelection datasets,
        Optional<Approval> approval,
        boolean bootstrap,
        CancellationToken cancellation,
        ProgressListener progress,
        Optional<RestorePoint> point) {

    /** @throws InvalidValueException if a point is asked for with another target than its base, or with another dataset than its own */
    public RestoreRequest {
        point.ifPresent(value -> {
            if (!target.equals(value.base())) {
                throw new InvalidValueException("target", target, "the point's base '" + value.base() + "'");
            }
            if (!datasets.names().equals(Set.of(value.dataset()))) {
                throw new InvalidValueException(
                        "datasets",
                        datasets.everything() ? "all" : datasets.names(),
                        "only '" + value.dataset() + "', because a point is of one dataset");
            }
        });
    }

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
                ProgressListener.NONE,
                Optional.empty());
    }

    /** One dataset as it was at a point, without approval; the others are left as they are. */
    public static RestoreRequest of(RestorePoint point) {
        return new RestoreRequest(
                point.base(),
                DatasetSelection.only(point.dataset()),
                Optional.empty(),
                false,
                new CancellationToken(),
                ProgressListener.NONE,
                Optional.of(point));
    }

    /** Only some datasets. */
    public RestoreRequest datasets(DatasetSelection value) {
        return new RestoreRequest(target, value, approval, bootstrap, cancellation, progress, point);
    }

    /** With an operator's approval of a snapshot that is too old. */
    public RestoreRequest approvedBy(String operator, String reason) {
        return new RestoreRequest(
                target,
                datasets,
                Optional.of(new Approval(operator, reason)),
                bootstrap,
                cancellation,
                progress,
                point);
    }

    /** Declares this installation to be new. */
    public RestoreRequest asBootstrap() {
        return new RestoreRequest(target, datasets, approval, true, cancellation, progress, point);
    }

    /** With a token that can stop it. */
    public RestoreRequest cancellation(CancellationToken value) {
        return new RestoreRequest(target, datasets, approval, bootstrap, value, progress, point);
    }

    /** With a listener for its progress. */
    public RestoreRequest progress(ProgressListener value) {
        return new RestoreRequest(target, datasets, approval, bootstrap, cancellation, value, point);
    }
}
