package dev.cairn.backup.benchmarks;

import dev.cairn.backup.SnapshotManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Whether taking a snapshot costs more the more of them there are. A tree in which a few files change is snapshotted until there are 1, 100 and 2 000 (or as asked);
 * at each of these numbers some more are taken and measured, once by a manager that is open all the time and once by one that is opened for each, which reads the index
 * anew. Everything was compiled before on another repository.
 */
public final class SnapshotCountBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "files",
            "2000",
            "folders",
            "50",
            "hot-files",
            "20",
            "counts",
            "1,100,2000",
            "rounds",
            "20",
            "warmup",
            "200");

    private final Options options;
    private final Results results;
    private final FileTree tree;
    private long seed;

    private SnapshotCountBenchmark(Options options) {
        this.options = options;
        this.results = new Results("snapshot-count", options);
        this.tree = new FileTree(
                options.work().resolve("files"),
                options.number("files"),
                options.number("folders"),
                options.number("hot-files"));
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException {
        new SnapshotCountBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException {
        tree.make();
        List<Integer> counts = Stream.of(options.text("counts").split(","))
                .map(Integer::valueOf)
                .toList();
        PackedHost warm = new PackedHost(options.work().resolve("warm"), tree.root());
        fill(warm, 0, options.number("warmup"));
        for (int i = 0; i < options.number("warmup") / 4; i++) {
            opened(warm);
        }
        PackedHost host = new PackedHost(options.work().resolve("home"), tree.root());
        Map<Integer, Samples.Distribution> running = new LinkedHashMap<>();
        Map<Integer, Samples.Distribution> opening = new LinkedHashMap<>();
        int taken = 0;
        for (int count : counts) {
            taken = fill(host, taken, count);
            running.put(count, running(host));
            opening.put(count, measure(() -> opened(host)));
            taken += 2 * options.number("rounds");
            results.add("create with " + count + " snapshots", running.get(count), Map.of());
            results.add("open and create with " + count + " snapshots", opening.get(count), Map.of());
        }
        results.add("create: slowest median to fastest", Map.of("ratio", ratio(running)));
        results.add("open and create: slowest median to fastest", Map.of("ratio", ratio(opening)));
        results.printJson();
    }

    private int fill(PackedHost host, int from, int to) throws IOException {
        try (SnapshotManager manager = host.open()) {
            for (int i = from; i < to; i++) {
                change();
                manager.create();
            }
        }
        return Math.max(from, to);
    }

    private Samples.Distribution running(PackedHost host) throws IOException {
        try (SnapshotManager manager = host.open()) {
            manager.list();
            return measure(() -> {
                long start = System.nanoTime();
                manager.create();
                return System.nanoTime() - start;
            });
        }
    }

    private Samples.Distribution measure(LongSupplier creation) throws IOException {
        Samples samples = new Samples();
        for (int i = 0; i < options.number("rounds"); i++) {
            change();
            samples.add(creation.getAsLong());
        }
        return samples.distribution();
    }

    private static long opened(PackedHost host) {
        long start = System.nanoTime();
        try (SnapshotManager manager = host.open()) {
            manager.create();
        }
        return System.nanoTime() - start;
    }

    private void change() throws IOException {
        tree.replace((int) (seed % tree.hot()), ++seed);
    }

    private static double ratio(Map<Integer, Samples.Distribution> measured) {
        List<Double> medians = new ArrayList<>();
        measured.values().forEach(each -> medians.add(each.percentile(0.5)));
        Spread spread = Spread.of(medians);
        return spread.max() / spread.min();
    }
}
