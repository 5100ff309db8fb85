package dev.cairn.backup.core.inspect;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares two snapshots, of one repository or of two. Goes through both listings side by side, so that memory does not grow with them, and reads a content only where neither its size nor the
 * repository ({@link dev.cairn.backup.spi.EntryContent#isKnownToEqual}) decides, and only up to the first byte that differs. A database is an entry like any other: changed or not.
 *
 * <p>Immutable; each method answers a changed copy. The readers stay the caller's to close.
 */
public final class SnapshotComparison {

    private final SnapshotReader before;
    private final SnapshotReader after;
    private final DatasetSelection datasets;
    private final EntryPath top;
    private final boolean attributes;
    private final CancellationToken cancellation;

    private SnapshotComparison(
            SnapshotReader before,
            SnapshotReader after,
            DatasetSelection datasets,
            EntryPath top,
            boolean attributes,
            CancellationToken cancellation) {
        this.before = before;
        this.after = after;
        this.datasets = datasets;
        this.top = top;
        this.attributes = attributes;
        this.cancellation = cancellation;
    }

    /** All datasets; types and contents, not times and rights. */
    public static SnapshotComparison of(SnapshotReader before, SnapshotReader after) {
        return new SnapshotComparison(
                before, after, DatasetSelection.all(), EntryPath.ROOT, false, new CancellationToken());
    }

    /** Only some datasets, each of which at least one of the snapshots must have. */
    public SnapshotComparison datasets(DatasetSelection value) {
        return new SnapshotComparison(before, after, value, top, attributes, cancellation);
    }

    /** Only what is at a path and below it, in each dataset that is compared. */
    public SnapshotComparison below(EntryPath value) {
        return new SnapshotComparison(before, after, datasets, value, attributes, cancellation);
    }

    /** Also times, modes, owners and groups; of folders not the time, which tells only that something in them changed. */
    public SnapshotComparison withAttributes() {
        return new SnapshotComparison(before, after, datasets, top, true, cancellation);
    }

    /** With a token that can stop it. */
    public SnapshotComparison cancellation(CancellationToken value) {
        return new SnapshotComparison(before, after, datasets, top, attributes, value);
    }

    /**
     * Compares.
     *
     * @param each told each change, dataset by dataset and in path order, by the calling thread; what it throws ends the comparison
     * @throws InvalidValueException if neither snapshot has a dataset of a name that was asked for
     * @throws dev.cairn.backup.DamagedSnapshotException if a listing or a content that has to be read is damaged
     * @throws dev.cairn.backup.StoreException if a content cannot be read
     * @throws dev.cairn.backup.BackupCancelledException if it was cancelled
     */
    public SnapshotDifference run(Consumer<? super EntryChange> each) {
        List<DatasetDifference> found = new ArrayList<>();
        for (String name : chosen()) {
            try (EntryCursor first = entries(before, name);
                    EntryCursor second = entries(after, name)) {
                ListingJoin join = new ListingJoin(name, attributes, cancellation, each);
                join.run(first, second);
                found.add(join.difference(
                        before.manifest().metadata().dataset(name),
                        after.manifest().metadata().dataset(name)));
            }
        }
        return new SnapshotDifference(
                before.manifest().metadata(), after.manifest().metadata(), found);
    }

    private List<String> chosen() {
        Set<String> known = new LinkedHashSet<>(names(after));
        known.addAll(names(before));
        datasets.names().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidValueException("dataset", name, "one of the snapshots': " + known);
                });
        return known.stream().filter(datasets::includes).toList();
    }

    private static List<String> names(SnapshotReader snapshot) {
        return snapshot.manifest().metadata().datasets().stream()
                .map(DatasetSummary::name)
                .toList();
    }

    private EntryCursor entries(SnapshotReader snapshot, String dataset) {
        return names(snapshot).contains(dataset) ? snapshot.dataset(dataset).entries(top) : EntryCursor.of(List.of());
    }
}
