package dev.cairn.backup.benchmarks;

import dev.cairn.backup.SnapshotManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the heap of a host that takes snapshots all day stays as it is: one manager, a tree in which some files change before each snapshot, the heap in use after a
 * collection, from the first snapshot to the 200th.
 */
public final class HeapBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "files", "10000", "folders", "100", "hot-files", "100", "changes", "20", "snapshots", "200", "every", "10");

    private final Options options;
    private final Results results;
    private final FileTree tree;

    private HeapBenchmark(Options options) {
        this.options = options;
        this.results = new Results("heap", options);
        this.tree = FileTree.of(options);
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException {
        new HeapBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException {
        tree.make();
        List<Double> used = new ArrayList<>();
        long before = HeapInUse.bytes();
        try (SnapshotManager manager = new PackedHost(options.work().resolve("home"), tree.root()).open()) {
            for (int snapshot = 1; snapshot <= options.number("snapshots"); snapshot++) {
                for (int change = 0; change < options.number("changes"); change++) {
                    int number = snapshot * options.number("changes") + change;
                    tree.replace(number % tree.hot(), number);
                }
                manager.create();
                if (snapshot == 1 || snapshot % options.number("every") == 0) {
                    double megabytes = HeapInUse.bytes() / 1e6;
                    used.add(megabytes);
                    results.add("heap after " + snapshot, Map.of("snapshots", snapshot, "heap_mb", megabytes));
                }
            }
        }
        results.add(
                "heap, last to first",
                Map.of("ratio", used.get(used.size() - 1) / used.get(0), "heap_before_mb", before / 1e6));
        results.printJson();
    }
}
