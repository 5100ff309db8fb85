package dev.cairn.backup.core.inspect;

import dev.cairn.backup.SnapshotMetadata;
import java.util.List;

/**
 * How two snapshots differ in what was compared.
 *
 * @param before the first
 * @param after the second
 * @param datasets each dataset that was compared and that one of them has, in the order of the second snapshot, then of the first
 */
public record SnapshotDifference(SnapshotMetadata before, SnapshotMetadata after, List<DatasetDifference> datasets) {

    /** Copies the list. */
    public SnapshotDifference {
        datasets = List.copyOf(datasets);
    }

    /** Whether nothing differs. */
    public boolean isEqual() {
        return datasets.stream().allMatch(DatasetDifference::isEqual);
    }
}
