package dev.cairn.backup.benchmarks;

import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.sqlite.IntegrityCheck;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What restores cost after a long history, with the full integrity check, beside the restore of a fresh base: one snapshot of the same database, in a repository that holds nothing else. Restored are
 * the newest point, those right before a base (so that as much is replayed as ever is), and random ones; each goes to an empty folder, and must hold exactly the transactions up to its point. The finding of the point is
 * part of its restore. {@link SimulatedHistory} says what is simulated.
 */
public final class SqliteDayBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "mb", "500", "looks", "345600", "busy", "6000", "tps", "100", "rows", "20000", "rounds", "2", "random",
            "2");

    private final Options options;
    private final Results results;
    private final Path home;
    private final Path fresh;
    private final Path database;
    private final SplittableRandom random = new SplittableRandom(23);
    private final Map<String, List<Double>> ratios = new LinkedHashMap<>();

    private SqliteDayBenchmark(Options options) {
        this.options = options;
        this.results = new Results("sqlite-day", options);
        this.home = options.work().resolve("home");
        this.fresh = options.work().resolve("fresh");
        this.database = options.work().resolve("live").resolve("memory.db");
    }

    /**
     * @param args see {@link Options}; the log is looked at {@code looks} times, once in a quarter of a simulated second. Between the last {@code busy} of these there are {@code tps} transactions a second, of all
     *     memories; between those before one for each look, of the first {@code rows}. So there are as many segments as a busy day has, but not all of its log, which few disks could hold
     */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        new SqliteDayBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(database.getParent());
        long memories = MemoryDatabase.make(database, options.number("mb"));
        long few = Math.min(memories, options.number("rows"));
        try (SimulatedHistory history = new SimulatedHistory(home, database, memories)) {
            long start = System.nanoTime();
            history.write(options.number("looks") - options.number("busy"), 1, few);
            history.write(options.number("busy"), options.number("tps") / SimulatedHistory.LOOKS_PER_SECOND, memories);
            Map<String, Object> facts = new LinkedHashMap<>(history.facts());
            facts.put("written_in_s", (System.nanoTime() - start) / 1e9);
            facts.put("repository_mb", PackedHost.bytes(home.resolve("backups")) / 1e6);
            results.add("history", facts);
            SqliteProcess.backup(fresh, SqliteDataset.of(SqliteProcess.DATASET, database));
            measure(history);
        }
        results.printJson();
    }

    private void measure(SimulatedHistory history) throws IOException, SQLException {
        long first = history.bases().get(0).committed();
        long quiet = options.number("looks") - options.number("busy");
        restoreBase("warm-up", history);
        for (int round = 1; round <= options.number("rounds"); round++) {
            double base = restoreBase("fresh base, round " + round, history);
            restorePoint("newest", round, history, history.committed(), base);
            restorePoint("before a base, quiet", round, history, beforeLastBase(history, quiet), base);
            restorePoint("before a base, busy", round, history, beforeLastBase(history, Long.MAX_VALUE), base);
            for (int i = 0; i < options.number("random"); i++) {
                restorePoint("random", round, history, random.nextLong(first, history.committed() + 1), base);
            }
        }
        List<Double> all = new ArrayList<>();
        ratios.values().forEach(all::addAll);
        ratios.forEach(this::summarize);
        summarize("all", all);
    }

    private void summarize(String kind, List<Double> figures) {
        Spread spread = Spread.of(figures);
        results.add(
                "summary: " + kind,
                Map.of(
                        "restores",
                        figures.size(),
                        "to_base_median",
                        spread.median(),
                        "to_base_min",
                        spread.min(),
                        "to_base_max",
                        spread.max()));
    }

    /** The last transaction before the last base that was taken by then, if there was a second one. */
    private static long beforeLastBase(SimulatedHistory history, long look) {
        List<SimulatedHistory.Base> bases =
                history.bases().stream().filter(base -> base.look() <= look).toList();
        return bases.get(bases.size() - 1).committed() - (bases.size() > 1 ? 1 : 0);
    }

    private double restoreBase(String what, SimulatedHistory history) throws IOException, SQLException {
        Timed timed = restored(
                fresh,
                history.clock(),
                history.committed(),
                manager -> RestoreRequest.of(manager.listAll().get(0).id()));
        results.add(what, timed.facts());
        return timed.seconds();
    }

    private void restorePoint(String kind, int round, SimulatedHistory history, long transactions, double base)
            throws IOException, SQLException {
        Timed timed = restored(home, history.clock(), transactions, manager -> {
            RestorePoint point = manager.restorePoint(SqliteProcess.DATASET, history.position(transactions));
            return RestoreRequest.of(point);
        });
        Map<String, Object> facts = new LinkedHashMap<>(timed.facts());
        long replayed = transactions
                - history.bases().stream()
                        .mapToLong(SimulatedHistory.Base::committed)
                        .filter(committed -> committed <= transactions)
                        .max()
                        .orElseThrow();
        facts.put("transactions_replayed", replayed);
        facts.put("to_base", timed.seconds() / base);
        results.add(kind + ", round " + round, facts);
        ratios.computeIfAbsent(kind, key -> new ArrayList<>()).add(timed.seconds() / base);
    }

    /** What is to be restored. */
    private interface Wanted {
        RestoreRequest of(SnapshotManager manager);
    }

    /** How long a restore took, and of that the finding of what is to be restored and the planning. */
    private record Timed(double seconds, double finding, double planning) {

        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("wall_s", seconds);
            facts.put("found_in_s", finding);
            facts.put("planned_in_s", planning);
            return facts;
        }
    }

    /** @throws IllegalStateException if what was restored does not hold just so many transactions: nothing was measured then */
    private Timed restored(Path from, InstantSource clock, long transactions, Wanted wanted)
            throws IOException, SQLException {
        Path folder = options.work().resolve("restored");
        Path target = folder.resolve("memory.db");
        Files.createDirectories(folder);
        FileHome host = FileHome.at(from);
        Timed timed;
        try (SnapshotManager manager = Cairn.builder()
                .repository(PackedRepository.at(host.repository(), host.keys()))
                .state(FileHome.at(folder.resolve("home")).state())
                .clock(clock)
                .dataset(SqliteDataset.of(SqliteProcess.DATASET, target)
                        .optional()
                        .integrityCheck(IntegrityCheck.FULL))
                .open()) {
            long start = System.nanoTime();
            RestoreRequest request = wanted.of(manager).approvedBy("benchmark", "an old one is as good to measure");
            long found = System.nanoTime();
            var plan = manager.plan(request);
            long planned = System.nanoTime();
            manager.restore(plan);
            timed = new Timed((System.nanoTime() - start) / 1e9, (found - start) / 1e9, (planned - found) / 1e9);
        }
        long held = SimulatedHistory.committed(target);
        PackedHost.remove(folder);
        if (held != transactions) {
            throw new IllegalStateException("restored " + held + " transactions instead of " + transactions);
        }
        return timed;
    }
}
