package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What health needs to know of a lineage's snapshots, so that it reads no repository. Made whenever they were listed; immutable from then on. */
public final class KnownSnapshots {

    private final Map<String, KnownDataset> datasets = new HashMap<>();
    private final Map<String, Instant> schedules = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private KnownSnapshots() {}

    /** No snapshots, or none that is known of yet. */
    public static KnownSnapshots none() {
        return new KnownSnapshots();
    }

    /** Made after each snapshot of all that are there: one plain loop. */
    public static KnownSnapshots of(List<Kept> oldestFirst) {
        KnownSnapshots known = new KnownSnapshots();
        List<SnapshotId> suspects = new ArrayList<>();
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            Kept kept = oldestFirst.get(i);
            SnapshotMetadata metadata = kept.metadata();
            if (metadata.schedule().isPresent()) {
                known.schedules.putIfAbsent(metadata.schedule().get(), metadata.createdAt());
            }
            if (kept.isGood()) {
                known.older(metadata, kept.has(Mark.Kind.VERIFIED));
            } else if (kept.isSuspect()) {
                suspects.add(0, metadata.id());
            }
        }
        known.datasets.forEach((name, dataset) -> SizeRule.of(name, dataset.summaries(), known.findings));
        known.findings.addAll(SuspectsRule.of(suspects));
        return known;
    }

    private void older(SnapshotMetadata metadata, boolean verified) {
        for (DatasetSummary summary : metadata.datasets()) {
            datasets.computeIfAbsent(summary.name(), name -> new KnownDataset())
                    .older(metadata.createdAt(), verified, summary);
        }
    }

    Optional<Instant> newest(String dataset) {
        return known(dataset).flatMap(KnownDataset::newest);
    }

    Optional<Instant> newestVerified(String dataset) {
        return known(dataset).flatMap(KnownDataset::newestVerified);
    }

    /** Content bytes in the newest. */
    long bytes(String dataset) {
        return known(dataset).map(found -> found.summaries().get(0).bytes()).orElse(0L);
    }

    private Optional<KnownDataset> known(String dataset) {
        return Optional.ofNullable(datasets.get(dataset));
    }

    /** When the newest snapshot of a schedule was taken. */
    Optional<Instant> lastOf(String schedule) {
        return Optional.ofNullable(schedules.get(schedule));
    }

    /** What the snapshots themselves give rise to. */
    List<Finding> findings() {
        return findings;
    }
}
