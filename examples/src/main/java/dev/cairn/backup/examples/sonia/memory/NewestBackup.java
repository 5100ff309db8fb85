package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.spi.Mark;
import java.util.List;
import java.util.Optional;

/** The newest backup of the database that an operator would restore: whoever took it, not one for the safety of a restore, and nothing held against it. */
public final class NewestBackup {

    private NewestBackup() {}

    /** Of a manager and its repository; of every installation that writes there. */
    public static Optional<SnapshotId> of(SnapshotManager manager, PackedRepository repository) {
        List<SnapshotMetadata> all = manager.listAll();
        for (int i = all.size() - 1; i >= 0; i--) {
            SnapshotMetadata snapshot = all.get(i);
            boolean holds = snapshot.dataset(MemoryBackups.DATABASE)
                    .filter(DatasetSummary::present)
                    .isPresent();
            if (holds && snapshot.safetyFor().isEmpty() && isGood(repository.marks(snapshot.id()))) {
                return Optional.of(snapshot.id());
            }
        }
        return Optional.empty();
    }

    private static boolean isGood(List<Mark> marks) {
        boolean acknowledged = marks.stream().anyMatch(mark -> mark.kind() == Mark.Kind.ACKNOWLEDGED);
        return marks.stream()
                .noneMatch(mark ->
                        mark.kind() == Mark.Kind.ABANDONED || mark.kind() == Mark.Kind.SUSPECT && !acknowledged);
    }
}
