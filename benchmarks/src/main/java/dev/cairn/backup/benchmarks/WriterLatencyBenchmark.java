package dev.cairn.backup.benchmarks;

import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a writer feels of snapshots: how long a transaction takes, from asking for the host's lock to the end of the commit, while nothing else happens
 * (idle) and while complete snapshots of the whole database run back to back into a browsable repository (busy). Idle and busy alternate, so that a
 * machine that is slow for a while is slow for both; each round gives one ratio. Transactions that begin between two snapshots, while the one
 * before is pruned, are not counted.
 */
public final class WriterLatencyBenchmark {

    private static final Map<String, String> DEFAULTS =
            Map.of("mb", "500", "tps", "500", "rounds", "5", "seconds", "10");

    private final Options options;
    private final Results results;
    private final Path database;
    private final Samples snapshots = new Samples();

    private WriterLatencyBenchmark(Options options) {
        this.options = options;
        this.results = new Results("writer-latency", options);
        this.database = options.work().resolve("memory.db");
    }

    /** @param args see {@link Options}; without any it prints what there is */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        new WriterLatencyBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(options.work());
        long memories = MemoryDatabase.make(database, options.number("mb"));
        try (Host host = new Host(database, memories, null, 0);
                SnapshotManager manager = Cairn.builder()
                        .home(FileHome.at(options.work().resolve("home")))
                        .dataset(SqliteDataset.of("memory", database))
                        .barrier(action -> host.hold(action, new Samples()))
                        .manualRetention(Retention.keepLast(1))
                        .open()) {
            manager.create();
            measure("paced", host, manager, options.number("tps"));
            measure("flat out", host, manager, 0);
        }
        results.add("snapshot, whole", snapshots.distribution(), Map.of());
        results.printJson();
    }

    private void measure(String pace, Host host, SnapshotManager manager, int perSecond) throws InterruptedException {
        List<Double> ratios = new ArrayList<>();
        try (Writer writer = Writer.start(host, perSecond)) {
            busy(writer, manager, 1); // Warm, and the -wal has its size.
            for (int round = 1; round <= options.number("rounds"); round++) {
                boolean idleFirst = round % 2 == 1;
                Samples.Distribution first =
                        idleFirst ? idle(writer) : busy(writer, manager, options.number("seconds"));
                Samples.Distribution second =
                        idleFirst ? busy(writer, manager, options.number("seconds")) : idle(writer);
                Samples.Distribution idle = idleFirst ? first : second;
                Samples.Distribution busy = idleFirst ? second : first;
                double ratio = busy.percentile(0.99) / idle.percentile(0.99);
                ratios.add(ratio);
                results.add(pace + ", round " + round + ": idle", idle, Map.of());
                results.add(pace + ", round " + round + ": busy", busy, Map.of("p99_busy_to_idle", ratio));
            }
        }
        Collections.sort(ratios);
        results.add(
                pace + ": p99 busy to idle",
                Map.of(
                        "median", ratios.get(ratios.size() / 2),
                        "min", ratios.get(0),
                        "max", ratios.get(ratios.size() - 1)));
    }

    private Samples.Distribution idle(Writer writer) throws InterruptedException {
        Samples samples = new Samples();
        writer.measureInto(samples);
        TimeUnit.SECONDS.sleep(options.number("seconds"));
        writer.measureInto(null);
        return samples.distribution();
    }

    private Samples.Distribution busy(Writer writer, SnapshotManager manager, int seconds) {
        Samples samples = new Samples();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        do {
            long start = System.nanoTime();
            writer.measureInto(samples);
            manager.create();
            writer.measureInto(null);
            snapshots.add(System.nanoTime() - start);
            manager.prune();
        } while (System.nanoTime() < end);
        return samples.distribution();
    }
}
