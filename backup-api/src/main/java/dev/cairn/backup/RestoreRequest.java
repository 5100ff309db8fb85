package dev.cairn.backup;

import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * @param paths of which datasets only these paths are restored, each with all below it
 * @param overlaid whether live entries that the snapshot lacks stay, instead of becoming trash
 * @param listedPaths how many paths the plan lists of each dataset
 */
public record RestoreRequest(
        SnapshotId target,
        DatasetSelection datasets,
        Optional<Approval> approval,
        boolean bootstrap,
        CancellationToken cancellation,
        ProgressListener progress,
        Optional<RestorePoint> point,
        Map<String, List<EntryPath>> paths,
        boolean overlaid,
        int listedPaths) {

    /**
     * Copies the paths.
     *
     * @throws InvalidValueException if a point is asked for with another target than its base, or with another dataset than its own; if paths are given of a dataset that is not restored, or
     *     none; if the number of listed paths is not allowed
     */
    public RestoreRequest {
        Map<String, List<EntryPath>> chosen = new LinkedHashMap<>();
        for (Map.Entry<String, List<EntryPath>> entry : paths.entrySet()) {
            if (!datasets.includes(entry.getKey()) || entry.getValue().isEmpty()) {
                throw new InvalidValueException(
                        "paths",
                        entry.getKey() + "=" + entry.getValue(),
                        "at least one path, of a dataset that is restored");
            }
            chosen.put(entry.getKey(), List.copyOf(entry.getValue()));
        }
        paths = Map.copyOf(chosen);
        new RestoreScope(List.of(), overlaid, listedPaths);
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
        return of(target, DatasetSelection.all(), Optional.empty());
    }

    /** One dataset as it was at a point, without approval; the others are left as they are. */
    public static RestoreRequest of(RestorePoint point) {
        return of(point.base(), DatasetSelection.only(point.dataset()), Optional.of(point));
    }

    private static RestoreRequest of(SnapshotId target, DatasetSelection datasets, Optional<RestorePoint> point) {
        return new RestoreRequest(
                target,
                datasets,
                Optional.empty(),
                false,
                new CancellationToken(),
                ProgressListener.NONE,
                point,
                Map.of(),
                false,
                0);
    }

    /** Only some datasets. */
    public RestoreRequest datasets(DatasetSelection value) {
        return with(value, approval, bootstrap, cancellation, progress, paths);
    }

    /**
     * Only some paths of a dataset, each with all that is below it; what else it holds is left as it is. A request that named no datasets before is now about this one alone; further calls, for
     * other datasets, add theirs. Only file trees can do this.
     *
     * @param dataset its name
     * @param value as the snapshot has them; one that it lacks is refused when the restore is planned
     * @throws InvalidValueException if there is none
     */
    public RestoreRequest paths(String dataset, List<EntryPath> value) {
        Set<String> names = new LinkedHashSet<>(datasets.names());
        names.add(dataset);
        Map<String, List<EntryPath>> chosen = new LinkedHashMap<>(paths);
        chosen.put(dataset, value);
        return with(
                DatasetSelection.only(names.toArray(String[]::new)),
                approval,
                bootstrap,
                cancellation,
                progress,
                chosen);
    }

    /**
     * Leaves live entries alone that the snapshot does not have. Without it they become trash. Only file trees can do this: name them with {@link #datasets} or {@link #paths}.
     */
    public RestoreRequest overlay() {
        return new RestoreRequest(
                target, datasets, approval, bootstrap, cancellation, progress, point, paths, true, listedPaths);
    }

    /**
     * Lists paths in the plan.
     *
     * @param most of each dataset, 0 to 100 000
     * @throws InvalidValueException if it is none of them
     */
    public RestoreRequest listPaths(int most) {
        return new RestoreRequest(
                target, datasets, approval, bootstrap, cancellation, progress, point, paths, overlaid, most);
    }

    /** How much of a dataset is restored. */
    public RestoreScope scope(String dataset) {
        return new RestoreScope(paths.getOrDefault(dataset, List.of()), overlaid, listedPaths);
    }

    /** With an operator's approval of a snapshot that is too old. */
    public RestoreRequest approvedBy(String operator, String reason) {
        return with(datasets, Optional.of(new Approval(operator, reason)), bootstrap, cancellation, progress, paths);
    }

    /** Declares this installation to be new. */
    public RestoreRequest asBootstrap() {
        return with(datasets, approval, true, cancellation, progress, paths);
    }

    /** With a token that can stop it. */
    public RestoreRequest cancellation(CancellationToken value) {
        return with(datasets, approval, bootstrap, value, progress, paths);
    }

    /** With a listener for its progress. */
    public RestoreRequest progress(ProgressListener value) {
        return with(datasets, approval, bootstrap, cancellation, value, paths);
    }

    private RestoreRequest with(
            DatasetSelection newDatasets,
            Optional<Approval> newApproval,
            boolean newBootstrap,
            CancellationToken newCancellation,
            ProgressListener newProgress,
            Map<String, List<EntryPath>> newPaths) {
        return new RestoreRequest(
                target,
                newDatasets,
                newApproval,
                newBootstrap,
                newCancellation,
                newProgress,
                point,
                newPaths,
                overlaid,
                listedPaths);
    }
}
