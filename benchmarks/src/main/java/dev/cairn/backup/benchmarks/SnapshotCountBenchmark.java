package dev.cairn.backup.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.cairn.backup.SnapshotManager;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Whether taking a snapshot costs more the more of them there are. A tree in which a few files change is snapshotted into repositories of 1, 100 and 2 000 snapshots (or as asked); then
 * some more are taken and measured, in turn in each of the repositories, so that whatever else the machine does meets all of them alike: once by managers that are open all the time and
 * once by ones that are opened for each, which read the index anew. Everything was compiled before on another repository.
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
        this.tree = FileTree.of(options);
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
        fill(warm, options.number("warmup"));
        for (int i = 0; i < options.number("warmup") / 4; i++) {
            opened(warm);
        }
        Map<Integer, PackedHost> hosts = new LinkedHashMap<>();
        for (int count : counts) {
            hosts.put(count, new PackedHost(options.work().resolve("home-" + count), tree.root()));
            fill(hosts.get(count), count);
        }
        Map<Integer, SnapshotManager> managers = new LinkedHashMap<>();
        hosts.forEach((count, host) -> managers.put(count, host.open()));
        report("create", measure(managers, SnapshotManager::create));
        managers.values().forEach(SnapshotManager::close);
        report("open and create", measure(hosts, SnapshotCountBenchmark::opened));
        results.printJson();
    }

    private void fill(PackedHost host, int snapshots) throws IOException {
        try (SnapshotManager manager = host.open()) {
            for (int i = 0; i < snapshots; i++) {
                change();
                manager.create();
            }
        }
    }

    /** What is measured in one of the repositories. */
    private static final class Measured {

        private final Samples wall = new Samples();
        private long cpuNanos;
    }

    private <T> Map<Integer, Measured> measure(Map<Integer, T> subjects, Consumer<T> creation) throws IOException {
        Map<Integer, Measured> measured = new LinkedHashMap<>();
        subjects.forEach((count, subject) -> creation.accept(subject)); // Loads what an open manager keeps.
        for (int i = 0; i < options.number("rounds"); i++) {
            for (Map.Entry<Integer, T> subject : subjects.entrySet()) {
                change();
                Measured samples = measured.computeIfAbsent(subject.getKey(), count -> new Measured());
                long cpu = cpuNanos();
                long start = System.nanoTime();
                creation.accept(subject.getValue());
                samples.wall.add(System.nanoTime() - start);
                samples.cpuNanos += cpuNanos() - cpu;
            }
        }
        return measured;
    }

    /** What all threads of this process have used; its steps of 10 ms do for a sum. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private void report(String what, Map<Integer, Measured> measured) {
        List<Double> medians = new ArrayList<>();
        measured.forEach((count, each) -> {
            Samples.Distribution wall = each.wall.distribution();
            medians.add(wall.percentile(0.5));
            results.add(
                    what + " with " + count + " snapshots",
                    wall,
                    Map.of("cpu_ms_mean", each.cpuNanos / 1e6 / wall.count()));
        });
        Spread spread = Spread.of(medians);
        results.add(what + ": slowest median to fastest", Map.of("ratio", spread.max() / spread.min()));
    }

    private static void opened(PackedHost host) {
        try (SnapshotManager manager = host.open()) {
            manager.create();
        }
    }

    private void change() throws IOException {
        tree.replace((int) (seed % tree.hot()), ++seed);
    }
}
