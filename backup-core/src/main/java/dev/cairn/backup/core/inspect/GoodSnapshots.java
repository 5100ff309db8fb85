package dev.cairn.backup.core.inspect;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.lineage.Lineage;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people mean by "the latest": never a snapshot that was taken for safety before a restore, for that is the state which the restore was to end; nor one on a timeline that a restore has left,
 * nor one that is suspect and was not acknowledged.
 */
public final class GoodSnapshots {

    private GoodSnapshots() {}

    /**
     * The good snapshots of one installation, oldest first. Without the state store there is none: nobody can tell then which of several lineages in a repository is meant.
     *
     * @param repository open
     * @param state the installation's state store; nothing is written to it
     */
    public static List<SnapshotMetadata> in(SnapshotRepository repository, BlobStore state) {
        Optional<String> lineage = Lineage.known(state);
        List<SnapshotMetadata> all = repository.list().stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(stored -> ((StoredSnapshot.Committed) stored).metadata())
                .filter(metadata -> lineage.equals(Optional.of(metadata.lineage())))
                .toList();
        Map<SnapshotId, List<Mark>> marks =
                repository.marks(all.stream().map(SnapshotMetadata::id).toList());
        return all.stream()
                .filter(one -> new Kept(one, marks.getOrDefault(one.id(), List.of())).isGood())
                .toList();
    }
}
