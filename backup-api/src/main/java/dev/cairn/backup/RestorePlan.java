package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * A restore's dry run: what would happen. Making one touches nothing.
 *
 * @param request what was asked for
 * @param snapshot the target
 * @param verdict the verdict at {@link #plannedAt}; it is computed again when the restore is executed
 * @param currentVersion the version it was compared with: the host's, or the highest that this lineage ever reached; empty if it was skipped
 * @param maxAge the greatest age allowed
 * @param datasets what would be done to each dataset, in the order in which they are swapped
 * @param plannedAt when the plan was made
 * @param warnings what the operator should know, such as that the version test was skipped
 */
public record RestorePlan(
        RestoreRequest request,
        SnapshotMetadata snapshot,
        RestoreVerdict verdict,
        OptionalLong currentVersion,
        Duration maxAge,
        List<DatasetPlan> datasets,
        Instant plannedAt,
        List<String> warnings) {

    /** Copies the lists. */
    public RestorePlan {
        datasets = List.copyOf(datasets);
        warnings = List.copyOf(warnings);
    }

    /** Whether the verdict, with the approval that was given, lets it go on. */
    public boolean permitsRestore() {
        return verdict.permitsRestore()
                || (verdict instanceof RestoreVerdict.TooOld
                        && request.approval().isPresent());
    }
}
