package dev.cairn.backup.benchmarks;

import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the restore of a moment costs beside that of its base: after as much log as is ever kept before a new base is taken, transactions of one row each. Each restore goes to an empty folder, in one
 * process that has done one before; with the quick check.
 */
public final class SqlitePointBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of("mb", "500", "transactions", "30000", "rounds", "3");
    private static final long PATIENCE_SECONDS = 120;

    private final Options options;
    private final Results results;
    private final Path home;
    private final Path database;

    private SqlitePointBenchmark(Options options) {
        this.options = options;
        this.results = new Results("sqlite-point", options);
        this.home = options.work().resolve("home");
        this.database = options.work().resolve("live").resolve("memory.db");
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        new SqlitePointBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        SnapshotMetadata base = protectedFor(options.number("transactions"));
        List<Double> ratios = new ArrayList<>();
        restore("warm-up", base, false);
        for (int round = 1; round <= options.number("rounds"); round++) {
            double whole = restore("base, round " + round, base, false);
            double point = restore("point, round " + round, base, true);
            ratios.add(point / whole);
        }
        Spread spread = Spread.of(ratios);
        results.add(
                "summary",
                Map.of(
                        "point_to_base_median", spread.median(),
                        "point_to_base_min", spread.min(),
                        "point_to_base_max", spread.max()));
        results.printJson();
    }

    /** Makes the history, and answers the snapshot that it begins with. */
    private SnapshotMetadata protectedFor(int transactions) throws IOException, SQLException, InterruptedException {
        Files.createDirectories(database.getParent());
        long memories = MemoryDatabase.make(database, options.number("mb"));
        try (Connection host = MemoryDatabase.connect(database);
                SnapshotManager manager = Cairn.builder()
                        .home(FileHome.at(home))
                        .dataset(SqliteDataset.of(SqliteProcess.DATASET, database)
                                .continuous(ContinuousProtection.defaults()))
                        .open()) {
            await(manager, Instant.now());
            SnapshotMetadata base = manager.create();
            RowUpdates.apply(host, memories, transactions, 7);
            await(manager, Instant.now());
            return base;
        }
    }

    /** Until all that was committed by then is in the repository. */
    private static void await(SnapshotManager manager, Instant committed) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            ProtectionStatus status = manager.health().protection().get(0);
            boolean settled = Instant.now().isAfter(committed.plusSeconds(2));
            if (settled
                    && status.state() == ProtectionStatus.State.PROTECTED
                    && status.kept().equals(status.stored())) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not protected after " + PATIENCE_SECONDS + " s: " + status);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private double restore(String what, SnapshotMetadata base, boolean point) throws IOException {
        Path folder = options.work().resolve("restored");
        Files.createDirectories(folder);
        FileHome from = FileHome.at(home);
        try (SnapshotManager manager = Cairn.builder()
                .repository(PackedRepository.at(from.repository(), from.keys()))
                .state(FileHome.at(folder.resolve("home")).state())
                .dataset(SqliteDataset.of(SqliteProcess.DATASET, folder.resolve("memory.db"))
                        .optional())
                .open()) {
            long start = System.nanoTime();
            RestoreRequest request = point
                    ? RestoreRequest.of(manager.restorePoint(SqliteProcess.DATASET, Instant.now()))
                    : RestoreRequest.of(base.id());
            manager.restore(manager.plan(request.approvedBy("benchmark", "an old one is as good to measure")));
            double seconds = (System.nanoTime() - start) / 1e9;
            results.add(what, Map.of("wall_s", seconds));
            return seconds;
        } finally {
            PackedHost.remove(folder);
        }
    }
}
