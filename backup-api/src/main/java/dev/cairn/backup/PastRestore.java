package dev.cairn.backup;

import dev.cairn.backup.spi.EntryPath;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation remembers of a restore that is done: enough to take it back.
 *
 * @param restoreId its id
 * @param snapshot the snapshot that was restored; after a rollback from the trash what the state before was told as
 * @param startedAt when it began
 * @param safetySnapshot the snapshot of the state before; empty if there was none
 * @param datasets the datasets that were replaced, in order
 * @param paths of which datasets only these paths were restored
 */
public record PastRestore(
        String restoreId,
        SnapshotId snapshot,
        Instant startedAt,
        Optional<SnapshotId> safetySnapshot,
        List<String> datasets,
        Map<String, List<EntryPath>> paths) {

    /** Copies the collections. */
    public PastRestore {
        datasets = List.copyOf(datasets);
        paths = Map.copyOf(paths);
    }

    /** What is remembered of the restore that a report is about. */
    public static PastRestore of(RestoreReport report) {
        return new PastRestore(
                report.restoreId(),
                report.snapshot().id(),
                report.startedAt(),
                report.safetySnapshot(),
                report.datasets(),
                report.paths());
    }
}
