package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The runs of peers, step by step and round by round, and what they come to: medians, ranges, and ratios to some of the peers. For one thread. */
final class PeerRuns {

    private final Results results;
    private final Path scratch;
    private final List<String> references;
    private final Map<String, List<ProcessRun>> runs = new LinkedHashMap<>();
    private final Map<String, List<Double>> sizes = new LinkedHashMap<>();
    private final Map<String, List<Double>> additions = new LinkedHashMap<>();

    /**
     * None so far.
     *
     * @param references the peers to which ratios are made
     */
    PeerRuns(Results results, Path scratch, List<String> references) {
        this.results = results;
        this.scratch = scratch;
        this.references = List.copyOf(references);
    }

    /** Runs a step of a peer, and keeps how long it took and what its repository came to. */
    void measure(int round, Peer peer, String step, List<String> command) throws IOException, InterruptedException {
        double before = PackedHost.bytes(peer.repository()) / 1e6;
        ProcessRun run = ProcessRun.of(command, peer.environment(), scratch);
        double after = PackedHost.bytes(peer.repository()) / 1e6;
        String what = peer.name() + " " + step;
        keep(what, run);
        sizes.computeIfAbsent(what, key -> new ArrayList<>()).add(after);
        additions.computeIfAbsent(what, key -> new ArrayList<>()).add(after - before);
        Map<String, Object> line = run.figures();
        line.put("round", round);
        line.put("repository_mb", after);
        line.put("added_mb", after - before);
        results.add(what, line);
    }

    /** Keeps a run that was made elsewhere. Its name ends with that of its step. */
    void keep(String what, ProcessRun run) {
        runs.computeIfAbsent(what, key -> new ArrayList<>()).add(run);
    }

    /** Adds a line to the results for each step of each peer. */
    void summarize() {
        runs.forEach((what, measured) -> {
            String step = what.substring(what.lastIndexOf(' ') + 1);
            Map<String, Object> line = new LinkedHashMap<>();
            List<Double> walls = measured.stream().map(ProcessRun::wallSeconds).toList();
            line.put("runs", measured.size());
            line.put("median_s", Spread.of(walls).median());
            line.put("min_s", Spread.of(walls).min());
            line.put("max_s", Spread.of(walls).max());
            line.put(
                    "cpu_median_s",
                    Spread.of(measured.stream().map(ProcessRun::cpuSeconds).toList())
                            .median());
            line.put(
                    "peak_mb",
                    Spread.of(measured.stream().map(ProcessRun::peakMegabytes).toList())
                            .max());
            median("repository_mb", sizes.getOrDefault(what, List.of()), line);
            median("added_mb", additions.getOrDefault(what, List.of()), line);
            for (String reference : references) {
                ratios(reference, walls, runs.getOrDefault(reference + " " + step, List.of()), line);
            }
            results.add("summary: " + what, line);
        });
    }

    private static void median(String name, List<Double> figures, Map<String, Object> line) {
        if (!figures.isEmpty()) {
            line.put(name, Spread.of(figures).median());
        }
    }

    /** Within each round where there is one of each, else of all to the median. */
    private static void ratios(
            String reference, List<Double> walls, List<ProcessRun> theirs, Map<String, Object> line) {
        if (theirs.isEmpty()) {
            return;
        }
        double median =
                Spread.of(theirs.stream().map(ProcessRun::wallSeconds).toList()).median();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < walls.size(); i++) {
            double by = walls.size() == theirs.size() ? theirs.get(i).wallSeconds() : median;
            ratios.add(walls.get(i) / by);
        }
        line.put("to_" + reference + "_median", Spread.of(ratios).median());
        line.put("to_" + reference + "_min", Spread.of(ratios).min());
        line.put("to_" + reference + "_max", Spread.of(ratios).max());
    }
}
