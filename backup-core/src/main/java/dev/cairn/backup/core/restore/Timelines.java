package dev.cairn.backup.core.restore;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.lineage.Lineage;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which snapshots belong to the state that the host goes on from, after a restore and after one that was taken back. That not all could be marked fails no restore.
 *
 * @param datasets the names of all that are configured
 */
record Timelines(
        SnapshotRepository repository, Catalog catalog, Lineage lineage, List<String> datasets, InstantSource clock) {

    private static final Logger LOG = LoggerFactory.getLogger(Timelines.class);

    /**
     * What is newer than the restored snapshot lies on a timeline that is left now: it is marked, not lost. The safety snapshots of earlier restores
     * need no pin any more.
     */
    void leave(SnapshotMetadata restored, Optional<SnapshotId> safety, String restoreId, List<Dataset> targets) {
        // Datasets that were left as they are go on from the newest snapshots, which therefore stay good.
        boolean whole = targets.stream().map(Dataset::name).toList().containsAll(datasets);
        try {
            lineage.restoredAfter(catalog.all().stream()
                    .mapToLong(SnapshotMetadata::sequence)
                    .max()
                    .orElse(0));
            for (SnapshotMetadata metadata : catalog.own()) {
                if (whole && metadata.sequence() > restored.sequence()) {
                    repository.mark(
                            metadata.id(),
                            new Mark(
                                    Mark.Kind.ABANDONED,
                                    restoreId,
                                    clock.instant(),
                                    "a restore went back to " + restored.id()));
                }
                if (!safety.equals(Optional.of(metadata.id()))) {
                    repository.unmark(metadata.id(), Mark.Kind.PINNED, Restoring.SAFETY);
                }
            }
            for (Mark mark : repository.marks(restored.id())) {
                if (mark.kind() == Mark.Kind.ABANDONED) {
                    repository.unmark(restored.id(), Mark.Kind.ABANDONED, mark.holder());
                }
            }
        } catch (BackupException e) {
            LOG.warn("The snapshots that {} left behind could not all be marked", restoreId, e);
        }
    }

    void rejoin(String restoreId) {
        try {
            catalog.own().forEach(metadata -> repository.unmark(metadata.id(), Mark.Kind.ABANDONED, restoreId));
        } catch (BackupException e) {
            LOG.warn("The snapshots that {} had left behind could not all be taken back", restoreId, e);
        }
    }
}
