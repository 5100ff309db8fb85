package dev.cairn.backup.core.point;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A host whose one dataset is protected continuously. What outlives its process: the stores and the content. */
public final class PagedHost {

    private static final long PATIENCE = Duration.ofMinutes(5).toNanos();

    public final MemoryBlobStore blobs;
    public final FaultyBlobStore store;
    public final MemoryBlobStore state;
    public final SettableClock clock = SettableClock.create();
    private final Function<BlobStore, SnapshotRepository> form;
    private final List<BackupEvent> events = new ArrayList<>();
    public PagedDataset data;

    private PagedHost(
            Function<BlobStore, SnapshotRepository> form,
            PagedDataset data,
            MemoryBlobStore blobs,
            MemoryBlobStore state) {
        this.form = form;
        this.data = data;
        this.blobs = blobs;
        this.store = FaultyBlobStore.over(blobs);
        this.state = state;
    }

    private static PagedHost of(Function<BlobStore, SnapshotRepository> form) {
        return new PagedHost(form, new PagedDataset(6, 4), new MemoryBlobStore(), new MemoryBlobStore());
    }

    public static PagedHost browsable() {
        return of(BrowsableRepository::at);
    }

    public static PagedHost packed() {
        return of(Packed::at);
    }

    /** Another machine that has got a copy of both stores at this moment. */
    public PagedHost fork() {
        PagedHost other = new PagedHost(form, data.restarted(), blobs.copy(), state.copy());
        other.clock.set(clock.instant());
        return other;
    }

    /** The next process finds the same content. */
    public void restart() {
        data = data.restarted();
    }

    public CairnBuilder builder() {
        return elsewhere(state).dataset(data);
    }

    public CairnBuilder elsewhere(BlobStore otherState) {
        return Cairn.builder()
                .repository(form.apply(store))
                .state(otherState)
                .clock(clock)
                .maxAge(Duration.ofDays(1))
                .schedulesRunByHost()
                .listener(this::told);
    }

    public SnapshotManager open() {
        return builder().open();
    }

    /** Open, and with a base, and with nothing under way any more. */
    public SnapshotManager protectedHost() {
        SnapshotManager manager = open();
        awaitProtected(manager);
        return manager;
    }

    /** Waits until there is a base, what led to it was told, and the operation that took it has ended: after that it prunes, and lists. */
    public void awaitProtected(SnapshotManager manager) {
        await(() -> status(manager).state() == ProtectionStatus.State.PROTECTED && isToldAsProtected());
        manager.verifyLog(PagedDataset.NAME); // An operation, so it waits for its turn.
    }

    private boolean isToldAsProtected() {
        List<BackupEvent.ProtectionChanged> changes = events(BackupEvent.ProtectionChanged.class);
        return !changes.isEmpty()
                && changes.get(changes.size() - 1).status().state() == ProtectionStatus.State.PROTECTED;
    }

    private synchronized void told(BackupEvent event) {
        events.add(event);
        notifyAll();
    }

    public synchronized <E extends BackupEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public static ProtectionStatus status(SnapshotManager manager) {
        return manager.health().protection().get(0);
    }

    /** Waits until all that is kept is in the repository. */
    public void uploaded(SnapshotManager manager) {
        await(() -> {
            ProtectionStatus status = status(manager);
            return status.kept().isPresent() && status.kept().equals(status.stored()) && status.spoolBytes() == 0;
        });
    }

    /** Waits for other threads; looks again at each event, and every few milliseconds for what has none. */
    public void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new AssertionError("it did not come to that within minutes: " + events);
            }
            synchronized (this) {
                try {
                    wait(5);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** What a point reads as. */
    public byte[] read(SnapshotManager manager, LogPosition position, Function<DatasetReader, byte[]> way) {
        return read(manager.restorePoint(PagedDataset.NAME, position), way);
    }

    public byte[] read(RestorePoint point, Function<DatasetReader, byte[]> way) {
        try (SnapshotRepository repository = form.apply(blobs)) {
            repository.open();
            RestorePoints points = new RestorePoints(repository.segments().map(ChangeLogs::new), List::of);
            try (SnapshotReader reader = points.read(repository.read(point.base()), point)) {
                return way.apply(reader.dataset(PagedDataset.NAME));
            }
        }
    }
}
