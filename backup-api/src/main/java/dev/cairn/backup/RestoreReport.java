package dev.cairn.backup;

import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.EntryPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a restore that succeeded.
 *
 * @param restoreId its id
 * @param snapshot the snapshot that was restored
 * @param verdict the verdict when it was executed
 * @param approval the approval it ran under, if it needed one
 * @param safetySnapshot the pinned snapshot of the state before; empty if that could not be read, which a warning explains
 * @param datasets the datasets that were replaced, in order
 * @param epoch the timeline epoch that the host resumes in; whatever belongs to an older one is refused
 * @param startedAt when it began
 * @param steps how long each step took, in order: safety, stage, before-hook, swap, after-hook, callbacks, checks
 * @param warnings what the operator should know, one sentence each
 * @param point the state between snapshots that was restored, on the base of {@code snapshot}; empty if it was the snapshot itself
 * @param paths of which datasets only these paths were restored
 */
public record RestoreReport(
        String restoreId,
        SnapshotMetadata snapshot,
        RestoreVerdict verdict,
        Optional<RestoreRequest.Approval> approval,
        Optional<SnapshotId> safetySnapshot,
        List<String> datasets,
        TimelineEpoch epoch,
        Instant startedAt,
        Map<String, Duration> steps,
        List<String> warnings,
        Optional<RestorePoint> point,
        Map<String, List<EntryPath>> paths) {

    /** Copies the collections. */
    public RestoreReport {
        datasets = List.copyOf(datasets);
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        warnings = List.copyOf(warnings);
        paths = Map.copyOf(paths);
    }

    /** Of whole datasets. */
    public RestoreReport(
            String restoreId,
            SnapshotMetadata snapshot,
            RestoreVerdict verdict,
            Optional<RestoreRequest.Approval> approval,
            Optional<SnapshotId> safetySnapshot,
            List<String> datasets,
            TimelineEpoch epoch,
            Instant startedAt,
            Map<String, Duration> steps,
            List<String> warnings,
            Optional<RestorePoint> point) {
        this(
                restoreId,
                snapshot,
                verdict,
                approval,
                safetySnapshot,
                datasets,
                epoch,
                startedAt,
                steps,
                warnings,
                point,
                Map.of());
    }

    /** How long the whole took. */
    public Duration elapsed() {
        return steps.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
}
