package dev.cairn.backup.core;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.point.RestorePoints;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.core.retain.RetentionPools;
import dev.cairn.backup.core.retain.RetentionRules;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.core.ship.LogBase;
import dev.cairn.backup.core.ship.LogVerifying;
import dev.cairn.backup.core.ship.SegmentPruning;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.SegmentStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What can be done with the change logs in a repository, apart from shipping them. */
final class Logs {

    private final Settings settings;
    private final String lineage;
    private final Catalog catalog;
    private final RestorePoints points;

    Logs(Settings settings, String lineage, Catalog catalog) {
        this.settings = settings;
        this.lineage = lineage;
        this.catalog = catalog;
        this.points = new RestorePoints(settings.repository().segments().map(ChangeLogs::new), catalog::all);
    }

    /** Finds states between snapshots. */
    RestorePoints points() {
        return points;
    }

    /**
     * Reads the log of a dataset back.
     *
     * @param stored where it is known to reach
     */
    LogVerification verify(String dataset, Optional<LogPosition> stored, CancellationToken cancellation) {
        SegmentStore segments = settings.repository()
                .segments()
                .orElseThrow(() -> new ConfigurationException(
                        "The " + settings.repository().describe() + " keeps no change logs", "Call verify(id)"));
        return new LogVerifying(segments, settings.clock()).verify(dataset, stored, cancellation);
    }

    /**
     * Removes segments that nothing can be restored from any more, or that are too old. Of what lies before a snapshot the segment with its last transaction stays: where all before a segment is
     * gone, only a transaction of it that the snapshot holds already proves that it does not begin in the middle of one; see {@link RestorePoints}. While a snapshot of a dataset is suspect,
     * nothing of its log goes, as no older snapshot does.
     *
     * @param writing the timelines that are being written
     */
    void prune(Supplier<Set<String>> writing) {
        Optional<SegmentStore> segments = settings.repository().segments();
        List<Dataset> continuous = settings.datasets().stream()
                .filter(dataset -> dataset.continuousSource().isPresent())
                .toList();
        if (segments.isEmpty() || continuous.isEmpty()) {
            return; // Nothing is listed for hosts that have no change logs.
        }
        Set<String> suspect = catalog.kept().stream()
                .filter(Kept::isSuspect)
                .flatMap(kept -> kept.metadata().datasets().stream())
                .map(DatasetSummary::name)
                .collect(Collectors.toSet());
        for (Dataset dataset : continuous) {
            if (!suspect.contains(dataset.name())) {
                new SegmentPruning(segments.get())
                        .prune(
                                dataset.name(),
                                lineage,
                                writing,
                                () -> bases(dataset.name()),
                                dataset.continuousSource()
                                        .orElseThrow()
                                        .limits()
                                        .history(),
                                settings.clock().instant());
            }
        }
    }

    private List<LogBase> bases(String dataset) {
        List<SnapshotMetadata> all = catalog.all();
        List<SnapshotMetadata> own = all.stream()
                .filter(snapshot -> snapshot.lineage().equals(lineage))
                .toList();
        Set<SnapshotMetadata> reach = RetentionRules.reach(own, settings.pools()).values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toSet());
        return LogBase.of(
                        dataset,
                        all,
                        snapshot -> snapshot.schedule()
                                        .filter(RetentionPools.CONTINUOUS::equals)
                                        .isPresent()
                                || reach.contains(snapshot))
                .stream()
                .map(base -> new LogBase(
                        new LogPosition(
                                base.position().timeline(),
                                Math.max(0, base.position().transaction() - 1)),
                        base.takenAt(),
                        base.lasting()))
                .toList();
    }
}
