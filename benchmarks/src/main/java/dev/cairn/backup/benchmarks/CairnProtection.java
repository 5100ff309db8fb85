package dev.cairn.backup.benchmarks;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Cairn's continuous protection inside the host's own process, into a packed repository, everything as it is by default. A commit counts as covered once it is in the repository; to lie in the
 * local spool is not enough.
 */
final class CairnProtection implements WriterProtection {

    private static final long SECONDS_TO_START = 120;

    private final SnapshotManager manager;
    private final LogPosition start;
    private final long counterAtStart;

    private CairnProtection(SnapshotManager manager, LogPosition start, long counterAtStart) {
        this.manager = manager;
        this.start = start;
        this.counterAtStart = counterAtStart;
    }

    /**
     * Opens the manager, takes the first snapshot and waits until all that the host has committed is in the repository: the transactions of the log are counted against the host's from there.
     *
     * @throws IllegalStateException if that does not happen in time
     */
    static CairnProtection open(Host host, Path database, Path folder) throws InterruptedException {
        SnapshotManager manager = Cairn.builder()
                .home(FileHome.at(folder))
                .dataset(SqliteDataset.of(SqliteProcess.DATASET, database).continuous(ContinuousProtection.defaults()))
                .open();
        boolean opened = false;
        try {
            manager.create();
            LogPosition start = awaitAllStored(manager);
            opened = true;
            return new CairnProtection(manager, start, host.state().counter());
        } finally {
            if (!opened) {
                manager.close();
            }
        }
    }

    private static LogPosition awaitAllStored(SnapshotManager manager) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (true) {
            Optional<ProtectionStatus> status = status(manager);
            if (status.isPresent()
                    && status.get().state() == ProtectionStatus.State.PROTECTED
                    && status.get().stored().isPresent()
                    && status.get().stored().equals(status.get().kept())) {
                return status.get().stored().get();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not protected after " + SECONDS_TO_START + " s: " + status);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static Optional<ProtectionStatus> status(SnapshotManager manager) {
        return manager.health().protection().stream().findFirst();
    }

    /** @throws IllegalStateException if a new timeline began: its transactions are counted from elsewhere */
    @Override
    public boolean covers(CommitMark mark) {
        Optional<LogPosition> stored = status(manager).flatMap(ProtectionStatus::stored);
        if (stored.isEmpty()) {
            return false;
        }
        if (!stored.get().timeline().equals(start.timeline())) {
            throw new IllegalStateException("a new timeline began while it was measured: " + stored.get());
        }
        return stored.get().transaction() - start.transaction() >= mark.counter() - counterAtStart;
    }

    @Override
    public void close() {
        manager.close();
    }
}
