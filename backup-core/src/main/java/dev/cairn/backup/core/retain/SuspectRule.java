package dev.cairn.backup.core.retain;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the snapshots that may be the beginning of a loss: a dataset that changed its identity, or lost more than half of its entries or bytes, against
 * the last good snapshot that holds it. The most likely loss of all is a host that restarts with an empty volume and whose periodic empty snapshots
 * would push out the good ones.
 */
public final class SuspectRule {

    private SuspectRule() {}

    /** The newest snapshot that a new one with that dataset is compared with: good, on the present timeline, and holding the dataset. */
    public static Optional<SnapshotMetadata> baseline(List<Kept> lineage, String dataset) {
        return newest(lineage, metadata -> metadata.dataset(dataset).isPresent());
    }

    /**
     * For each dataset the newest good snapshot that holds it: what the next one continues. Never a suspect one, whose dataset may be the beginning of a loss, nor one that only says that the
     * dataset was missing.
     */
    public static Map<String, SnapshotId> holding(List<Kept> oldestFirst) {
        Map<String, SnapshotId> found = new HashMap<>();
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            Kept kept = oldestFirst.get(i);
            for (DatasetSummary dataset : kept.metadata().datasets()) {
                if (dataset.present() && !found.containsKey(dataset.name()) && kept.isGood()) {
                    found.put(dataset.name(), kept.metadata().id());
                }
            }
        }
        return found;
    }

    /** The newest good snapshot of a kind; only the newest are looked at, which mostly are good. */
    public static Optional<SnapshotMetadata> newest(List<Kept> oldestFirst, Predicate<SnapshotMetadata> kind) {
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            Kept kept = oldestFirst.get(i);
            if (kept.isGood() && kind.test(kept.metadata())) {
                return Optional.of(kept.metadata());
            }
        }
        return Optional.empty();
    }

    /** What is suspicious of a new snapshot, one sentence each; empty if nothing is. */
    public static List<String> suspicions(List<Kept> lineage, List<DatasetSummary> taken) {
        return suspicions(lineage, taken, 0);
    }

    /**
     * The same after a restore, which may itself have made the source anew.
     *
     * @param restoredAfter snapshots up to this sequence number say nothing of a source's identity now
     */
    public static List<String> suspicions(List<Kept> lineage, List<DatasetSummary> taken, long restoredAfter) {
        List<String> found = new ArrayList<>();
        for (DatasetSummary now : taken) {
            baseline(lineage, now.name()).ifPresent(parent -> {
                DatasetSummary before = parent.dataset(now.name()).orElseThrow();
                compare(parent, before, now, parent.sequence() > restoredAfter, found);
            });
        }
        return found;
    }

    private static void compare(
            SnapshotMetadata parent,
            DatasetSummary before,
            DatasetSummary now,
            boolean sameSource,
            List<String> found) {
        String against = " against " + parent.id();
        if (sameSource
                && before.identity().isPresent()
                && now.identity().isPresent()
                && !before.identity().equals(now.identity())) {
            found.add("dataset '" + now.name() + "' changed its identity" + against);
        }
        if (before.entries() > now.entries() * 2) {
            found.add("dataset '" + now.name() + "' has " + now.entries() + " entries, had " + before.entries()
                    + against);
        }
        if (before.bytes() > now.bytes() * 2) {
            found.add("dataset '" + now.name() + "' has " + now.bytes() + " bytes, had " + before.bytes() + against);
        }
    }
}
