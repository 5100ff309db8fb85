package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a writer feels of being protected without a pause, and how much of what it committed is at risk: how long a transaction takes, from asking for the host's lock to the end of the commit, with no
 * protection, with Litestream beside the host and with Cairn's continuous protection, at a pace and flat out; for each commit the time until it was durable outside the database; and the greatest
 * {@code -wal}. The writer has {@code synchronous=NORMAL}, SQLite's default autocheckpoint and a busy timeout of 5 s. Each round begins with another protection and gives ratios to none.
 */
public final class SqliteWriterBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "mb",
            "500",
            "tps",
            "500",
            "rounds",
            "3",
            "seconds",
            "10",
            "warmup",
            "3",
            "protections",
            "none,litestream,cairn");

    private static final String NONE = "none";
    private static final int SECONDS_TO_CATCH_UP = 120;

    private final Options options;
    private final Results results;
    private final Path work;
    private final Map<String, WriterProtection.Kind> protections = new LinkedHashMap<>();
    private final Map<String, List<Samples.Distribution>> latencies = new LinkedHashMap<>();

    private SqliteWriterBenchmark(Options options) {
        this.options = options;
        this.results = new Results("sqlite-writer", options);
        this.work = options.work();
        Stream.of(options.text("protections").split(",")).forEach(this::add);
    }

    private void add(String name) {
        switch (name) {
            case NONE -> protections.put(name, (host, database, folder) -> WriterProtection.none());
            case "litestream" -> {
                if (Peers.onPath(name)) {
                    protections.put(name, (host, database, folder) -> LitestreamProtection.open(database, folder));
                } else {
                    results.add("left out: litestream", Map.of("not_on_path", List.of(name)));
                }
            }
            case "cairn" -> protections.put(name, CairnProtection::open);
            default -> throw new IllegalArgumentException("no protection '" + name + "'");
        }
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        new SqliteWriterBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(work);
        Path original = work.resolve("memory.db");
        long memories = MemoryDatabase.make(original, options.number("mb"));
        for (int round = 1; round <= options.number("rounds"); round++) {
            List<String> order = new ArrayList<>(protections.keySet());
            Collections.rotate(order, 1 - round);
            for (String name : order) {
                Path folder = work.resolve("protected-" + name);
                PackedHost.remove(folder);
                Files.createDirectories(folder);
                // Nobody has either file open, so that no lock can be lost by this.
                Path database = Files.copy(original, folder.resolve("memory.db"));
                round(round, name, database, memories);
                PackedHost.remove(folder);
            }
        }
        for (String pace : List.of("paced", "flat out")) {
            protections.keySet().forEach(name -> summarize(pace, name));
        }
        results.printJson();
    }

    private void round(int round, String name, Path database, long memories)
            throws IOException, SQLException, InterruptedException {
        WriterProtection.Kind kind = protections.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("no protection '" + name + "'");
        }
        try (Host host = new Host(database, memories, null, 0);
                WalGauge gauge = new WalGauge(database)) {
            host.transact(); // From here on there is a log.
            try (WriterProtection protection = kind.open(host, database, database.resolveSibling("protection"))) {
                measure(round, "paced", name, host, protection, gauge, options.number("tps"));
                measure(round, "flat out", name, host, protection, gauge, 0);
            }
        }
    }

    private void measure(
            int round, String pace, String name, Host host, WriterProtection protection, WalGauge gauge, int perSecond)
            throws InterruptedException {
        Samples samples = new Samples();
        try (RiskSampler sampler = RiskSampler.start(host, protection, gauge)) {
            try (Writer writer = Writer.start(host, perSecond)) {
                TimeUnit.SECONDS.sleep(options.number("warmup"));
                writer.measureInto(samples);
                TimeUnit.SECONDS.sleep(options.number("seconds"));
                writer.measureInto(null);
            }
            if (!name.equals(NONE)) {
                sampler.awaitAll(SECONDS_TO_CATCH_UP);
            }
            Samples.Distribution latency = samples.distribution();
            latencies
                    .computeIfAbsent(pace + ", " + name, key -> new ArrayList<>())
                    .add(latency);
            String what = pace + ", round " + round + ": " + name;
            results.add(what, latency, Map.of("greatest_wal_mb", sampler.greatestLog() / 1e6));
            if (!name.equals(NONE)) {
                results.add(what + ", at risk", sampler.atRisk(), Map.of());
            }
        }
    }

    private void summarize(String pace, String name) {
        List<Samples.Distribution> mine = latencies.getOrDefault(pace + ", " + name, List.of());
        List<Samples.Distribution> none = latencies.getOrDefault(pace + ", " + NONE, List.of());
        if (mine.isEmpty() || none.isEmpty()) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        for (double share : new double[] {0.5, 0.99}) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < mine.size(); i++) {
                ratios.add(mine.get(i).percentile(share) / none.get(i).percentile(share));
            }
            String prefix = "p" + Math.round(100 * share) + "_to_none_";
            line.put(prefix + "median", Spread.of(ratios).median());
            line.put(prefix + "min", Spread.of(ratios).min());
            line.put(prefix + "max", Spread.of(ratios).max());
        }
        results.add("summary: " + pace + ", " + name, line);
    }
}
