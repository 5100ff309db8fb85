package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotMetadata;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * A snapshot that a log can be applied to.
 *
 * @param position where the dataset's log stood at the cut
 * @param takenAt when that was
 * @param lasting whether retention keeps it until a later one is older than the history; segments before others are needed when those are gone
 */
public record LogBase(LogPosition position, Instant takenAt, boolean lasting) {

    /** One that lasts. */
    public LogBase(LogPosition position, Instant takenAt) {
        this(position, takenAt, true);
    }

    /** Those of a dataset among snapshots. */
    public static List<LogBase> of(
            String dataset, Collection<SnapshotMetadata> snapshots, Predicate<SnapshotMetadata> lasting) {
        return snapshots.stream()
                .flatMap(snapshot -> snapshot.datasets().stream()
                        .filter(summary -> summary.name().equals(dataset))
                        .flatMap(summary -> summary.log().stream())
                        .map(position -> new LogBase(position, snapshot.createdAt(), lasting.test(snapshot))))
                .toList();
    }
}
