package dev.cairn.backup.core.restore;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreDryRun;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.point.RestorePoints;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Works out what a restore would do, and its verdict. Touches nothing. Thread-safe. */
public final class RestorePlanner {

    private final SnapshotRepository repository;
    private final RestorePoints points;
    private final List<Dataset> datasets;
    private final Optional<LongSupplier> version;
    private final Duration maxAge;
    private final InstantSource clock;
    private final Epochs epochs;
    private final RestoreRates rates;
    private final Predicate<DatasetSummary> awaited;

    /**
     * A planner for the host's datasets.
     *
     * @param awaited which datasets that the host does not have here wait for its start
     */
    public RestorePlanner(
            SnapshotRepository repository,
            RestorePoints points,
            List<Dataset> datasets,
            Optional<LongSupplier> version,
            Duration maxAge,
            InstantSource clock,
            Epochs epochs,
            RestoreRates rates,
            Predicate<DatasetSummary> awaited) {
        this.repository = repository;
        this.points = points;
        this.datasets = List.copyOf(datasets);
        this.version = version;
        this.maxAge = maxAge;
        this.clock = clock;
        this.epochs = epochs;
        this.rates = rates;
        this.awaited = awaited;
    }

    /** The present installation: its lineage and the highest version that it ever reached. */
    public record Installation(String lineage, OptionalLong highestVersion) {}

    /** The names of the host's datasets, in order. */
    List<String> datasetNames() {
        return datasets.stream().map(Dataset::name).toList();
    }

    /** What is to be restored: the snapshot, or the point on it. */
    SnapshotReader open(RestoreRequest request) {
        SnapshotReader base = repository.read(request.target());
        if (request.point().isEmpty()) {
            return base;
        }
        try {
            return points.read(base, request.point().get());
        } catch (RuntimeException | Error e) {
            base.close();
            throw e;
        }
    }

    /** The plan. */
    public RestorePlan plan(RestoreRequest request, Installation here) {
        List<String> warnings = new ArrayList<>();
        try (SnapshotReader reader = open(request)) {
            SnapshotMetadata snapshot = reader.manifest().metadata();
            OptionalLong current = comparableVersion(snapshot, request, here, warnings);
            Instant now = clock.instant();
            RestoreVerdict verdict = new RestoreDryRun(dated(snapshot, request), now).check(current, maxAge);
            request.point()
                    .filter(point -> current.isPresent())
                    .ifPresent(
                            point -> warnings.add(
                                    "the version test is about the base: which version the host had at the point is not known"));
            List<DatasetPlan> plans = new ArrayList<>();
            List<Dataset> targets = targets(snapshot, request.datasets(), warnings);
            RestoreScopes.require(reader, request, targets);
            for (Dataset dataset : targets) {
                plans.add(dataset.compare(reader.dataset(dataset.name()), request.scope(dataset.name())));
            }
            List<RestorePlan.Space> space = SpaceNeeded.of(targets, plans);
            space.stream()
                    .filter(each -> !each.fits())
                    .forEach(each -> warnings.add("the restore would be refused: " + SpaceNeeded.describe(each)));
            List<Mark> marks = repository.marks(snapshot.id());
            marks.stream()
                    .filter(mark -> mark.kind() == Mark.Kind.SUSPECT || mark.kind() == Mark.Kind.ABANDONED)
                    .forEach(mark -> warnings.add("the snapshot is marked " + mark.kind() + ": " + mark.reason()));
            reader.manifest()
                    .changedAfterCut()
                    .forEach((dataset, paths) ->
                            warnings.add("dataset '" + dataset + "' was captured without consistency: " + paths.size()
                                    + " of its files changed after the cut"));
            return new RestorePlan(
                    request,
                    snapshot,
                    verdict,
                    current,
                    maxAge,
                    plans,
                    now,
                    warnings,
                    space,
                    rates.estimate(targets, plans),
                    PlanBasis.of(epochs.known(), marks, targets));
        }
    }

    /** @throws RestoreRefusedException if the plan's answers may be others now, or there is not enough room */
    void requireFresh(RestorePlan plan, SnapshotMetadata snapshot) {
        List<Dataset> targets = targets(snapshot, plan.request().datasets(), new ArrayList<>());
        PlanBasis.requireSame(plan, PlanBasis.of(epochs.known(), repository.marks(snapshot.id()), targets));
        SpaceNeeded.require(snapshot.id(), SpaceNeeded.of(targets, plan.datasets()));
    }

    /** The verdict, without the comparison of contents. */
    public RestoreVerdict verdict(SnapshotMetadata snapshot, RestoreRequest request, Installation here) {
        OptionalLong current = comparableVersion(snapshot, request, here, new ArrayList<>());
        return new RestoreDryRun(dated(snapshot, request), clock.instant()).check(current, maxAge);
    }

    /** A point is as old as its last transaction, not as its base. */
    private static SnapshotMetadata dated(SnapshotMetadata snapshot, RestoreRequest request) {
        return request.point()
                .map(point -> SnapshotMetadata.builder(snapshot.id(), point.seenAt())
                        .projectionVersion(snapshot.projectionVersion())
                        .build())
                .orElse(snapshot);
    }

    /**
     * What the snapshot's version is compared with. A restore sets the host's version back, so within the host's own lineage the highest version ever
     * reached counts: the snapshots that the restore left behind are not "ahead".
     */
    private OptionalLong comparableVersion(
            SnapshotMetadata snapshot, RestoreRequest request, Installation here, List<String> warnings) {
        if (request.bootstrap() && here.highestVersion().isPresent()) {
            warnings.add("this installation is declared to be new and is not: it has reached version "
                    + here.highestVersion().getAsLong() + ", which is what counts");
        } else if (request.bootstrap()) {
            warnings.add("the version test is skipped: this installation is declared to be new");
            return OptionalLong.empty();
        }
        if (snapshot.projectionVersion().isEmpty()
                || (version.isEmpty() && here.highestVersion().isEmpty())) {
            warnings.add("the version test is skipped: "
                    + (version.isEmpty() && here.highestVersion().isEmpty() ? "the host" : "the snapshot")
                    + " gives no version");
            return OptionalLong.empty();
        }
        if (version.isEmpty()) {
            // That of a host that is down cannot be greater: it would be remembered.
            warnings.add("the host cannot be asked for its version: the highest that this installation ever reached, "
                    + here.highestVersion().getAsLong() + ", is what counts");
            return here.highestVersion();
        }
        long current = hostVersion(snapshot, version.get());
        boolean own = snapshot.lineage().equals(here.lineage());
        return OptionalLong.of(own ? Math.max(current, here.highestVersion().orElse(current)) : current);
    }

    private static long hostVersion(SnapshotMetadata snapshot, LongSupplier version) {
        try {
            return version.getAsLong();
        } catch (BackupException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RestoreRefusedException(
                    snapshot.id(),
                    "The host's projectionVersion threw " + e + ", so the verdict on snapshot '" + snapshot.id()
                            + "' cannot be told",
                    "Mend it and plan again",
                    null);
        }
    }

    /** The datasets to be replaced, those in memory first, so that their old value is durable before anything on disk changes. */
    List<Dataset> targets(SnapshotMetadata snapshot, DatasetSelection selection, List<String> warnings) {
        selection.names().stream()
                .filter(name -> snapshot.dataset(name).isEmpty())
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidValueException(
                            "dataset",
                            name,
                            "one of the snapshot's: "
                                    + snapshot.datasets().stream()
                                            .map(DatasetSummary::name)
                                            .toList());
                });
        List<Dataset> targets = new ArrayList<>();
        for (DatasetSummary summary : snapshot.datasets()) {
            if (!selection.includes(summary.name())) {
                continue;
            }
            if (!summary.present()) {
                warnings.add(
                        "dataset '" + summary.name() + "' was absent when the snapshot was taken and is left as it is");
                continue;
            }
            Dataset target = target(snapshot, summary);
            if (target instanceof AwaitedDataset) {
                warnings.add(
                        "dataset '" + summary.name()
                                + "' is in the memory of a host that is down: its value waits for the host's next start, and no safety snapshot has the one before");
            }
            targets.add(target);
        }
        datasets.stream()
                .filter(dataset -> snapshot.dataset(dataset.name()).isEmpty())
                .forEach(dataset -> warnings.add(
                        "the snapshot does not hold dataset '" + dataset.name() + "', which is left as it is"));
        if (targets.isEmpty()) {
            throw new RestoreRefusedException(
                    snapshot.id(),
                    "Snapshot '" + snapshot.id() + "' holds nothing to restore",
                    "Choose another snapshot",
                    null);
        }
        targets.sort(
                Comparator.comparing((Dataset dataset) -> dataset.location().isPresent()));
        return targets;
    }

    private Dataset target(SnapshotMetadata snapshot, DatasetSummary summary) {
        Dataset dataset = datasets.stream()
                .filter(candidate -> candidate.name().equals(summary.name()))
                .findFirst()
                .or(() -> Optional.of(summary).filter(awaited).map(AwaitedDataset::of))
                .orElseThrow(() -> new RestoreRefusedException(
                        snapshot.id(),
                        "Snapshot '" + snapshot.id() + "' holds the dataset '" + summary.name()
                                + "', which this host does not have",
                        "Configure it, or name the datasets to restore in the request",
                        null));
        if (!dataset.kind().equals(summary.kind())) {
            throw new RestoreRefusedException(
                    snapshot.id(),
                    "Dataset '" + summary.name() + "' is of kind '" + dataset.kind() + "' here and '" + summary.kind()
                            + "' in the snapshot",
                    "Configure it as it was when the snapshot was taken",
                    null);
        }
        return dataset;
    }
}
