package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotMetadata;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * A snapshot that a log can be applied to.
 *
 * @param position where the dataset's log stood at the cut
 * @param takenAt when that was
 */
public record LogBase(LogPosition position, Instant takenAt) {

    /** Those of a dataset among snapshots. */
    public static List<LogBase> of(String dataset, Collection<SnapshotMetadata> snapshots) {
        return snapshots.stream()
                .flatMap(snapshot -> snapshot.datasets().stream()
                        .filter(summary -> summary.name().equals(dataset))
                        .flatMap(summary -> summary.log().stream())
                        .map(position -> new LogBase(position, snapshot.createdAt())))
                .toList();
    }
}
