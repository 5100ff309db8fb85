package dev.cairn.backup.core.retain;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     * would pass for good: unless all that will be asked for is there, everything is listed. Marks are read first and go after the snapshot, so that those of one that is there are its own.
     */
    public List<Kept> toContinue() {
        List<SnapshotMetadata> all = committed(repository.listToContinue());
        List<Kept> own = marked(own(all));
        return all.isEmpty() || areThere(continued(own), all.get(all.size() - 1)) ? own : kept();
    }

    /** Mostly the newest of all is the only one that is asked for, and is known to be there. */
    private boolean areThere(Set<SnapshotId> asked, SnapshotMetadata newest) {
        return asked.stream().allMatch(id -> id.equals(newest.id()) || repository.isCommitted(id));
    }

    /** The snapshots that a new one may continue or be compared with, whichever datasets it is of. Asked at each snapshot of all that are there: plain loops. */
    private static Set<SnapshotId> continued(List<Kept> own) {
        Set<SnapshotId> asked = new HashSet<>();
        Set<String> compared = new HashSet<>();
        Set<String> held = new HashSet<>();
        for (int i = own.size() - 1; i >= 0; i--) {
            Kept kept = own.get(i);
            if (!kept.isGood()) {
                continue;
            }
            boolean first = asked.isEmpty();
            for (DatasetSummary dataset : kept.metadata().datasets()) {
                first |= compared.add(dataset.name()) | (dataset.present() && held.add(dataset.name()));
            }
            if (first) {
                asked.add(kept.metadata().id());
            }
        }
        return asked;
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

    /** What was stated about a snapshot, oldest first. */
    public List<Mark> marks(SnapshotId id) {
        return repository.marks(id).stream()
                .sorted(Comparator.comparing(Mark::at))
                .toList();
    }

    /** When a snapshot was last verified with success. */
    public Optional<Instant> lastVerified(SnapshotId id) {
        return marks(id).stream()
                .filter(mark -> mark.kind() == Mark.Kind.VERIFIED)
                .map(Mark::at)
                .max(Instant::compareTo);
    }
}
