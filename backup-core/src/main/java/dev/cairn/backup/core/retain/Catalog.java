package dev.cairn.backup.core.retain;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a repository holds, seen by one lineage. Reads the repository at each call. Thread-safe. */
public final class Catalog {

    private final SnapshotRepository repository;
    private final String lineage;

    /** The snapshots of that lineage in the repository. */
    public Catalog(SnapshotRepository repository, String lineage) {
        this.repository = repository;
        this.lineage = lineage;
    }

    /** The lineage. */
    public String lineage() {
        return lineage;
    }

    /** All committed snapshots of every lineage, oldest first. */
    public List<SnapshotMetadata> all() {
        return committed(repository.list());
    }

    private static List<SnapshotMetadata> committed(List<StoredSnapshot> listed) {
        return listed.stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(stored -> ((StoredSnapshot.Committed) stored).metadata())
                .toList();
    }

    /** The committed snapshots of this lineage, oldest first. */
    public List<SnapshotMetadata> own() {
        return own(all());
    }

    private List<SnapshotMetadata> own(List<SnapshotMetadata> all) {
        return all.stream()
                .filter(metadata -> metadata.lineage().equals(lineage))
                .toList();
    }

    /** The same with their marks. */
    public List<Kept> kept() {
        return marked(own());
    }

    /**
     * The same for a snapshot that is about to be taken; see {@link SnapshotRepository#listToContinue}. One that another process has deleted lost its marks with it, so that a suspect one
     * would pass for good: unless all that will be asked for is the newest, which is there, everything is listed.
     */
    public List<Kept> toContinue() {
        List<SnapshotMetadata> all = committed(repository.listToContinue());
        List<Kept> own = marked(own(all));
        return all.isEmpty() || restsOnNewest(own, all.get(all.size() - 1)) ? own : kept();
    }

    /** Whether the newest of all is the one that is continued and that each dataset is compared with. */
    private static boolean restsOnNewest(List<Kept> own, SnapshotMetadata newest) {
        if (own.isEmpty()
                || !own.get(own.size() - 1).metadata().id().equals(newest.id())
                || !own.get(own.size() - 1).isGood()) {
            return false;
        }
        // Asked at each snapshot of all that are there: plain loops.
        Set<String> held = newest.datasets().stream().map(DatasetSummary::name).collect(Collectors.toSet());
        for (Kept kept : own) {
            for (DatasetSummary dataset : kept.metadata().datasets()) {
                if (!held.contains(dataset.name())) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Kept> marked(List<SnapshotMetadata> own) {
        Map<SnapshotId, List<Mark>> marks =
                repository.marks(own.stream().map(SnapshotMetadata::id).toList());
        return own.stream()
                .map(metadata -> new Kept(metadata, marks.getOrDefault(metadata.id(), List.of())))
                .toList();
    }

    /** What is there and must not be restored. */
    public List<StoredSnapshot.Invalid> invalid() {
        return repository.list().stream()
                .filter(StoredSnapshot.Invalid.class::isInstance)
                .map(StoredSnapshot.Invalid.class::cast)
                .toList();
    }

    /** When a snapshot was last verified with success. */
    public Optional<Instant> lastVerified(SnapshotId id) {
        return repository.marks(id).stream()
                .filter(mark -> mark.kind() == Mark.Kind.VERIFIED)
                .map(Mark::at)
                .max(Instant::compareTo);
    }
}
