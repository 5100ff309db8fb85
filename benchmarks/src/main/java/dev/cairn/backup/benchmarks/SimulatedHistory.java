package dev.cairn.backup.benchmarks;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A history that is written as fast as it can be. The manager's clock goes by the looks at the log, a quarter of a second each as by default: after each the simulated time goes on, so that there are as many
 * segments as a host gets in that time. A base is taken as soon as the dataset wishes for one; while that is taken the simulated time stands still.
 *
 * <p>A transaction replaces the blobs of one to three random memories and counts itself, so that a restored state tells which transaction was its last.
 */
final class SimulatedHistory implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BLOB_BYTES = 512;

    /** Looks in a second, by {@link ContinuousProtection#defaults}. */
    static final int LOOKS_PER_SECOND = 4;

    private static final long NANOS_PER_LOOK = TimeUnit.SECONDS.toNanos(1) / LOOKS_PER_SECOND;

    private final SplittableRandom random = new SplittableRandom(17);
    private final Instant began = Instant.now();
    private final AtomicLong looks = new AtomicLong();
    private long committed;
    private final HeardDataset dataset;
    private final ContinuousSource source;
    private final SnapshotManager manager;
    private final Connection connection;
    private final PreparedStatement update;
    private final PreparedStatement count;
    private final List<Base> bases = new ArrayList<>();

    /**
     * A snapshot that the dataset wished for.
     *
     * @param position where its log stood
     * @param committed how many transactions had been committed
     * @param look how often the log had been looked at
     * @param seconds how long it took, by the processor's clock
     */
    record Base(LogPosition position, long committed, long look, double seconds) {}

    /**
     * Opens the manager and takes the first base.
     *
     * @param memories how many the database has
     */
    SimulatedHistory(Path home, Path database, long memories) throws SQLException, InterruptedException {
        this.connection = MemoryDatabase.connect(database);
        this.update = connection.prepareStatement("UPDATE memories SET embedding = ?, archived_at = ? WHERE rowid = ?");
        this.count = connection.prepareStatement("UPDATE counter SET value = ?");
        connection.setAutoCommit(false);
        // Polls of its own as rarely as is allowed: this class decides when the log is looked at.
        this.dataset = new HeardDataset(SqliteDataset.of(SqliteProcess.DATASET, database)
                .continuous(ContinuousProtection.defaults().pollEvery(Duration.ofSeconds(1))));
        this.source = dataset.continuousSource().orElseThrow();
        this.manager = Cairn.builder()
                .home(FileHome.at(home))
                .clock(clock())
                .dataset(dataset)
                .open();
        transact(memories); // From here on there is a log.
        awaitStored();
        base();
    }

    /** The simulated time. */
    InstantSource clock() {
        return () -> began.plusNanos(looks.get() * NANOS_PER_LOOK);
    }

    /**
     * Goes on and has everything stored.
     *
     * @param further how many looks
     * @param transactions how many before each
     * @param memories which are updated: that many, from the first on
     */
    void write(int further, int transactions, long memories) throws SQLException, InterruptedException {
        for (int look = 0; look < further; look++) {
            for (int i = 0; i < transactions; i++) {
                transact(memories);
            }
            looks.incrementAndGet();
            ship();
            if (dataset.wished()) {
                base();
            }
        }
        awaitStored();
    }

    private void transact(long memories) throws SQLException {
        byte[] blob = new byte[BLOB_BYTES];
        long next = committed + 1;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            random.nextBytes(blob);
            update.setBytes(1, blob);
            update.setLong(2, next);
            update.setLong(3, random.nextLong(1, memories + 1));
            update.executeUpdate();
        }
        count.setLong(1, next);
        count.executeUpdate();
        connection.commit();
        committed = next;
    }

    /** Waits for the repository when the spool is full. */
    private void ship() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!source.flush(PATIENCE)) {
            requireBefore(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void base() {
        long start = System.nanoTime();
        LogPosition position = manager.create()
                .dataset(SqliteProcess.DATASET)
                .flatMap(summary -> summary.log())
                .orElseThrow(() -> new IllegalStateException("the base does not tell where its log stood"));
        bases.add(new Base(position, committed, looks.get(), (System.nanoTime() - start) / 1e9));
    }

    private void awaitStored() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ProtectionStatus status = manager.health().protection().get(0);
            if (source.flush(PATIENCE)
                    && status.kept().isPresent()
                    && status.kept().equals(status.stored())) {
                return;
            }
            requireBefore(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void requireBefore(long end) {
        if (System.nanoTime() > end) {
            throw new IllegalStateException("not stored after " + PATIENCE + ": "
                    + manager.health().protection().get(0));
        }
    }

    /** The bases, the first one at first. */
    List<Base> bases() {
        return List.copyOf(bases);
    }

    /** The position that a number of transactions led to, if there was one timeline only: each counts its own. */
    LogPosition position(long transactions) {
        Base first = bases.get(0);
        return new LogPosition(
                first.position().timeline(),
                transactions - first.committed() + first.position().transaction());
    }

    /** How many transactions a restored database has. */
    static long committed(Path restored) throws SQLException {
        try (Connection connection = MemoryDatabase.connect(restored);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT value FROM counter")) {
            return row.getLong(1);
        }
    }

    /** How many transactions were committed. */
    long committed() {
        return committed;
    }

    /** What it is like. */
    Map<String, Object> facts() {
        long spacing = Long.MAX_VALUE;
        for (int i = 1; i < bases.size(); i++) {
            spacing = Math.min(spacing, bases.get(i).look() - bases.get(i - 1).look());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("simulated_hours", looks.get() / (3600.0 * LOOKS_PER_SECOND));
        facts.put("transactions", committed);
        facts.put("segments", dataset.segments());
        facts.put("log_mb", dataset.bytes() / 1e6);
        facts.put("bases", bases.size());
        if (bases.size() > 1) {
            facts.put("least_simulated_s_between_bases", (double) spacing / LOOKS_PER_SECOND);
        }
        facts.put(
                "longest_base_s",
                bases.stream().mapToDouble(Base::seconds).max().orElse(0));
        return facts;
    }

    @Override
    public void close() throws SQLException {
        manager.close();
        connection.close();
    }
}
