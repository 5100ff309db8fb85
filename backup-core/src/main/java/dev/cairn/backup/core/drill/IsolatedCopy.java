package dev.cairn.backup.core.drill;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DrillPlace;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.state.IsolatedState;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.StagedRestore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A snapshot restored into a private folder, dataset by dataset. Nothing in it is live. Thread-safe. */
final class IsolatedCopy implements DrillPlace {

    private final String id;
    private final Instant startedAt;
    private final SnapshotMetadata snapshot;
    private final Path folder;
    private final Map<String, Dataset> restored = new ConcurrentHashMap<>();
    private final Deque<AutoCloseable> things = new ArrayDeque<>();

    IsolatedCopy(String id, Instant startedAt, SnapshotMetadata snapshot, Path folder) {
        this.id = id;
        this.startedAt = startedAt;
        this.snapshot = snapshot;
        this.folder = folder;
    }

    /**
     * Restores a dataset by the same road as a restore: staged, verified, swapped in.
     *
     * @return why it cannot be, if it cannot
     * @throws BackupException if it went wrong
     */
    Optional<String> restore(Dataset live, DatasetReader from, CancellationToken token) {
        Optional<Dataset> isolated = live.isolated(folder.resolve(live.name()));
        if (isolated.isEmpty()) {
            return Optional.of("dataset '" + live.name() + "' of kind '" + live.kind()
                    + "' cannot be restored into isolation: its Dataset.isolated answers nothing");
        }
        Dataset there = isolated.get();
        if (overlap(live, there)) {
            return Optional.of("dataset '" + live.name() + "' would be restored over its live data at "
                    + live.location().map(Location::place).orElse(null));
        }
        StagedRestore staged = there.stage(from, new DrillJournal(id, startedAt, token));
        token.throwIfCancelled(id);
        staged.swap();
        staged.finish();
        restored.put(live.name(), there);
        return Optional.empty();
    }

    private static boolean overlap(Dataset live, Dataset there) {
        return live.location()
                .flatMap(data -> there.location().filter(copy -> copy.contains(data) || data.contains(copy)))
                .isPresent();
    }

    /** What a restored dataset has that the snapshot has not, or the reverse. */
    Optional<String> differences(String dataset, DatasetReader snapshotted) {
        var found = dataset(dataset).differences(snapshotted);
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
    }

    @Override
    public SnapshotMetadata snapshot() {
        return snapshot;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Path path(String dataset) {
        return dataset(dataset)
                .location()
                .map(location -> Path.of(location.place()))
                .orElseThrow(() -> new InvalidValueException("dataset", dataset, "one on a disk; see value(…)"));
    }

    @Override
    public <T> T value(String dataset, Class<T> type) {
        Optional<?> value = dataset(dataset) instanceof IsolatedState<?> state ? state.value() : Optional.empty();
        return value.filter(type::isInstance)
                .map(type::cast)
                .orElseThrow(() -> new InvalidValueException(
                        "dataset", dataset, "one in memory whose value is a " + type.getName()));
    }

    private Dataset dataset(String name) {
        Dataset found = restored.get(name);
        if (found == null) {
            throw new InvalidValueException("dataset", name, "one of the restored: " + restored.keySet());
        }
        return found;
    }

    @Override
    public synchronized void closeAtEnd(AutoCloseable thing) {
        things.push(thing);
    }

    /** What the host wants ended and has not been ended yet, the last one first; empty if nothing is left. */
    synchronized Optional<AutoCloseable> nextToEnd() {
        return Optional.ofNullable(things.poll());
    }
}
