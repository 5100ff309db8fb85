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
import java.util.stream.Collectors;

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
                .filter(one ->
                        objection(one, marks.getOrDefault(one.id(), List.of())).isEmpty())
                .toList();
    }

    /** Why a snapshot is no good one, such as {@code suspect: …}, {@code abandoned: …} or {@code safety for snap-7}; empty if it is good. */
    public static Optional<String> objection(SnapshotMetadata snapshot, List<Mark> marks) {
        Kept kept = new Kept(snapshot, marks);
        if (kept.isGood()) {
            return Optional.empty();
        }
        if (kept.isSuspect()) {
            return Optional.of("suspect: " + reasons(marks, Mark.Kind.SUSPECT));
        }
        return Optional.of(
                kept.has(Mark.Kind.ABANDONED)
                        ? "abandoned: " + reasons(marks, Mark.Kind.ABANDONED)
                        : "safety for "
                                + snapshot.safetyFor().map(SnapshotId::value).orElse("a restore"));
    }

    private static String reasons(List<Mark> marks, Mark.Kind kind) {
        return marks.stream()
                .filter(mark -> mark.kind() == kind)
                .map(Mark::reason)
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
