package dev.cairn.backup.core.e2e;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** A host whose ledger is protected continuously, with real stores on a real disk that can be made to fail. */
final class ProtectedLedger implements AutoCloseable {

    static final String NAME = "ledger";

    private static final long PATIENCE = Duration.ofMinutes(5).toNanos();

    final Path folder;
    final Path database;
    final Function<BlobStore, SnapshotRepository> form;
    final FaultyBlobStore store;
    final FaultyBlobStore state;
    ContinuousProtection protection = ContinuousProtection.defaults().pollEvery(Duration.ofMillis(50));
    Runnable release = () -> {};
    Runnable takeUp = () -> {};
    Consumer<BackupEvent> listener = event -> {};
    private final List<BackupEvent> events = new ArrayList<>();
    private SnapshotManager manager;

    private ProtectedLedger(Path folder, Function<BlobStore, SnapshotRepository> form) {
        this.folder = folder;
        this.database = folder.resolve("ledger.db");
        this.form = form;
        this.store = FaultyBlobStore.over(FileBlobStore.at(folder.resolve("repository")));
        this.state = FaultyBlobStore.over(FileBlobStore.at(folder.resolve("state")));
    }

    static ProtectedLedger packed(Path folder) {
        return new ProtectedLedger(folder, Packed::at);
    }

    static ProtectedLedger browsable(Path folder) {
        return new ProtectedLedger(folder, BrowsableRepository::at);
    }

    /** Opens the manager. */
    ProtectedLedger open() {
        manager = Cairn.builder()
                .repository(form.apply(store))
                .state(state)
                .dataset(SqliteDataset.of(NAME, database).continuous(protection))
                .restoreHooks(() -> release.run(), () -> takeUp.run())
                .maxAge(Duration.ofDays(1))
                .listener(this::told)
                .open();
        return this;
    }

    /** Opens the manager and waits until there is a base. */
    ProtectedLedger openProtected() {
        open();
        awaitProtected();
        return this;
    }

    SnapshotManager manager() {
        return manager;
    }

    private void told(BackupEvent event) {
        listener.accept(event);
        synchronized (this) {
            events.add(event);
            notifyAll();
        }
    }

    synchronized <E extends BackupEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The timelines that have begun, in order. */
    List<BackupEvent.TimelineBegun> timelines() {
        return events(BackupEvent.TimelineBegun.class);
    }

    ProtectionStatus status() {
        return manager.health().protection().get(0);
    }

    /** Waits until there is a base, and what led to it was told. */
    void awaitProtected() {
        await("a base", () -> status().state() == ProtectionStatus.State.PROTECTED && isToldAsProtected());
    }

    private boolean isToldAsProtected() {
        List<BackupEvent.ProtectionChanged> changes = events(BackupEvent.ProtectionChanged.class);
        return !changes.isEmpty()
                && changes.get(changes.size() - 1).status().state() == ProtectionStatus.State.PROTECTED;
    }

    /** Waits until a timeline later than so many has begun, and the newest has a base. */
    void awaitNewTimeline(int before) {
        await("a new timeline", () -> timelines().size() > before);
        await("its base", () -> {
            ProtectionStatus now = status();
            List<BackupEvent.TimelineBegun> begun = timelines();
            return now.state() == ProtectionStatus.State.PROTECTED
                    && now.kept()
                            .orElseThrow()
                            .timeline()
                            .equals(begun.get(begun.size() - 1).timeline());
        });
    }

    /** Waits until everything that is committed now is in the repository; answers where the log stands. A small spool may be full for a moment, and then a snapshot does not learn its position. */
    LogPosition stored() {
        SnapshotMetadata taken = manager.create();
        for (int i = 0; position(taken).isEmpty() && i < 10; i++) {
            taken = manager.create();
        }
        return stored(taken);
    }

    /** The same, for what a snapshot holds. */
    LogPosition stored(SnapshotMetadata taken) {
        LogPosition position = position(taken).orElseThrow();
        await(
                "the repository",
                () -> status().stored().filter(at -> at.reaches(position)).isPresent());
        return position;
    }

    private static Optional<LogPosition> position(SnapshotMetadata taken) {
        return taken.dataset(NAME).orElseThrow().log();
    }

    List<RestoreWindow> windows() {
        return manager.restoreWindows(NAME);
    }

    /** Looks again at each event, and every few milliseconds for what has none. */
    void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new AssertionError("there was not " + what + " in time: " + manager.health() + events);
            }
            synchronized (this) {
                try {
                    wait(10);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Override
    public void close() {
        SnapshotManager open = manager;
        if (open != null) {
            open.close();
        }
    }
}
