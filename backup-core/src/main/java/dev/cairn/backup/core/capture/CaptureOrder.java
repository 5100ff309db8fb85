package dev.cairn.backup.core.capture;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SnapshotTrigger;
import java.util.Optional;

/**
 * What is to be captured and why.
 *
 * @param trigger why
 * @param schedule the schedule that wants it
 * @param safetyFor the snapshot whose restore wants it
 * @param id the caller's own id
 * @param label the caller's label
 * @param datasets what to capture
 * @param cancellation asks it to stop
 * @param progress told how far it has come
 */
public record CaptureOrder(
        SnapshotTrigger trigger,
        Optional<String> schedule,
        Optional<SnapshotId> safetyFor,
        Optional<SnapshotId> id,
        Optional<String> label,
        DatasetSelection datasets,
        CancellationToken cancellation,
        ProgressListener progress) {

    /** As a caller requested it. */
    public static CaptureOrder of(SnapshotRequest request) {
        return new CaptureOrder(
                SnapshotTrigger.MANUAL,
                Optional.empty(),
                Optional.empty(),
                request.id(),
                request.label(),
                request.datasets(),
                request.cancellation(),
                request.progress());
    }

    /** As the engine itself wants it. */
    public static CaptureOrder of(SnapshotTrigger trigger, DatasetSelection datasets, CancellationToken cancellation) {
        return new CaptureOrder(
                trigger,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                datasets,
                cancellation,
                ProgressListener.NONE);
    }

    /** For a schedule. */
    public CaptureOrder by(String scheduleName) {
        return new CaptureOrder(
                trigger, Optional.of(scheduleName), safetyFor, id, label, datasets, cancellation, progress);
    }

    /** For safety before a restore. */
    public CaptureOrder safetyFor(SnapshotId target) {
        return new CaptureOrder(
                trigger,
                schedule,
                Optional.of(target),
                id,
                Optional.of("before restoring " + target),
                datasets,
                cancellation,
                progress);
    }
}
