package dev.cairn.backup.benchmarks;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A repository that keeps nothing and asks no view for its entries, so that a thousand snapshots of half a gigabyte can be frozen without copying them a
 * thousand times. All that comes before the reading is real: prepare, barrier, freeze, and closing the views. It remembers only the newest
 * manifest. Never for anything but measuring the barrier.
 */
final class DiscardingRepository implements SnapshotRepository {

    private final AtomicLong sequence = new AtomicLong();
    private volatile @Nullable SnapshotManifest newest;

    @Override
    public void open() {
        // Nothing to open.
    }

    @Override
    public SnapshotWriter begin(LongFunction<SnapshotId> naming) {
        long number = sequence.incrementAndGet();
        return new Discarding(naming.apply(number), number);
    }

    @Override
    public List<StoredSnapshot> list() {
        SnapshotManifest manifest = newest;
        return manifest == null ? List.of() : List.of(new StoredSnapshot.Committed(manifest.metadata()));
    }

    @Override
    public SnapshotReader read(SnapshotId id) {
        throw new SnapshotNotFoundException(id);
    }

    @Override
    public boolean deleteRemnant(SnapshotId id) {
        return false;
    }

    @Override
    public boolean delete(SnapshotId id) {
        return false;
    }

    @Override
    public void mark(SnapshotId id, Mark mark) {
        // Nothing is kept that could be marked.
    }

    @Override
    public boolean unmark(SnapshotId id, Mark.Kind kind, String holder) {
        return false;
    }

    @Override
    public List<Mark> marks(SnapshotId id) {
        return List.of();
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public String describe() {
        return "nowhere";
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class Discarding implements SnapshotWriter {

        private final SnapshotId id;
        private final long number;

        Discarding(SnapshotId id, long number) {
            this.id = id;
            this.number = number;
        }

        @Override
        public SnapshotId id() {
            return id;
        }

        @Override
        public long sequence() {
            return number;
        }

        @Override
        public DatasetSummary write(
                Dataset dataset,
                FrozenView view,
                Optional<SnapshotId> before,
                EntryProgress progress,
                CancellationToken cancellation) {
            return new DatasetSummary(dataset.name(), dataset.kind(), true, 0, 0, view.identity(), Map.of());
        }

        @Override
        public void restart() {
            // Nothing was written.
        }

        @Override
        public void commit(SnapshotManifest manifest) {
            newest = manifest;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
