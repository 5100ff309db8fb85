package dev.cairn.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param space what is needed beside the live data on each volume; a restore that does not fit is refused before anything is staged
 * @param estimate how long staging would take, by the rates that earlier restores were measured at; empty until each kind of dataset in the plan was restored once
 * @param basis what the plan rests on, by name: the timeline epoch, the snapshot's marks, what and where each target is. A restore is refused if it is not so any more
 */
public record RestorePlan(
        RestoreRequest request,
        SnapshotMetadata snapshot,
        RestoreVerdict verdict,
        OptionalLong currentVersion,
        Duration maxAge,
        List<DatasetPlan> datasets,
        Instant plannedAt,
        List<String> warnings,
        List<Space> space,
        Optional<Duration> estimate,
        Map<String, String> basis) {

    /** Copies the collections. */
    public RestorePlan {
        datasets = List.copyOf(datasets);
        warnings = List.copyOf(warnings);
        space = List.copyOf(space);
        basis = Map.copyOf(basis);
    }

    /**
     * What a restore needs of one volume.
     *
     * @param volume what identifies it
     * @param datasets whose data is staged there
     * @param needed bytes
     * @param free bytes that this process could write there when it was looked at
     */
    public record Space(String volume, List<String> datasets, long needed, long free) {

        /** Copies the list. */
        public Space {
            datasets = List.copyOf(datasets);
        }

        /** Whether it is enough. */
        public boolean fits() {
            return needed <= free;
        }
    }

    /** Whether the verdict, with the approval that was given, lets it go on. */
    public boolean permitsRestore() {
        return verdict.permitsRestore()
                || (verdict instanceof RestoreVerdict.TooOld
                        && request.approval().isPresent());
    }
}
