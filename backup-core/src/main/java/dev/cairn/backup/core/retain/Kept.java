package dev.cairn.backup.core.retain;

import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Mark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot with its marks.
 *
 * @param metadata the snapshot
 * @param marks its marks
 */
public record Kept(SnapshotMetadata metadata, List<Mark> marks) {

    /** Copies the list. */
    public Kept {
        marks = List.copyOf(marks);
    }

    /** Whether it has a mark of that kind. */
    public boolean has(Mark.Kind kind) {
        return !marks.isEmpty() && marks.stream().anyMatch(mark -> mark.kind() == kind);
    }

    /** Whether a new snapshot may be measured against it, and a dataset's protection rest on it. */
    public boolean isGood() {
        return metadata.safetyFor().isEmpty() && (marks.isEmpty() || !isSuspect() && !has(Mark.Kind.ABANDONED));
    }

    /** Whether it waits for an operator's acknowledgement; one that is older than the suspicion does not count. */
    public boolean isSuspect() {
        return has(Mark.Kind.SUSPECT)
                && newest(Mark.Kind.SUSPECT)
                        .filter(suspicion -> newest(Mark.Kind.ACKNOWLEDGED)
                                .filter(acknowledged -> !acknowledged.isBefore(suspicion))
                                .isEmpty())
                        .isPresent();
    }

    private Optional<Instant> newest(Mark.Kind kind) {
        return marks.stream().filter(mark -> mark.kind() == kind).map(Mark::at).max(Instant::compareTo);
    }
}
