package dev.cairn.backup;

import java.util.Optional;

/**
 * What a caller wants of one manual snapshot. Immutable; each method answers a changed copy.
 *
 * @param id the caller's own id; empty for the manager's naming. Ids of the form {@code snap-<number>} are reserved
 * @param label a label for people, at most 200 characters
 * @param datasets what to take
 * @param pinned whether it is pinned from the start, so that no retention removes it
 * @param cancellation asks it to stop
 * @param progress told how far it has come
 */
public record SnapshotRequest(
        Optional<SnapshotId> id,
        Optional<String> label,
        DatasetSelection datasets,
        boolean pinned,
        CancellationToken cancellation,
        ProgressListener progress) {

    /** @throws InvalidValueException if the label is too long or the id reserved */
    public SnapshotRequest {
        if (label.isPresent() && label.get().length() > 200) {
            throw new InvalidValueException("label", label.get(), "at most 200 characters");
        }
        if (id.isPresent() && id.get().value().matches("snap-[0-9]+")) {
            throw new InvalidValueException(
                    "snapshot id", id.get(), "any but snap-<number>, which the manager gives itself");
        }
    }

    /** All datasets, without label, id or pin. */
    public static SnapshotRequest of() {
        return new SnapshotRequest(
                Optional.empty(),
                Optional.empty(),
                DatasetSelection.all(),
                false,
                new CancellationToken(),
                ProgressListener.NONE);
    }

    /** With a label for people. */
    public SnapshotRequest label(String value) {
        return new SnapshotRequest(id, Optional.of(value), datasets, pinned, cancellation, progress);
    }

    /** With the caller's own id. */
    public SnapshotRequest id(SnapshotId value) {
        return new SnapshotRequest(Optional.of(value), label, datasets, pinned, cancellation, progress);
    }

    /** Only some datasets. */
    public SnapshotRequest datasets(DatasetSelection value) {
        return new SnapshotRequest(id, label, value, pinned, cancellation, progress);
    }

    /** Pinned from the start. */
    public SnapshotRequest pin() {
        return new SnapshotRequest(id, label, datasets, true, cancellation, progress);
    }

    /** With a token that can stop it. */
    public SnapshotRequest cancellation(CancellationToken value) {
        return new SnapshotRequest(id, label, datasets, pinned, value, progress);
    }

    /** With a listener for its progress. */
    public SnapshotRequest progress(ProgressListener value) {
        return new SnapshotRequest(id, label, datasets, pinned, cancellation, value);
    }
}
