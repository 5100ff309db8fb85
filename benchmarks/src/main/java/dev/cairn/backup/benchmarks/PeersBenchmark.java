package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Cairn side by side with restic, rustic, borg and {@code tar | zstd}, whichever are installed, on two successive versions of a tree: first backup, unchanged second
 * run, next version, full restore, full verify. Whole processes, everything in the cache. All peers do one step before any does the next, and a round begins with
 * another peer each time, so that a machine that is slow for a while is slow for all; ratios to restic are made within a round.
 *
 * <p>Cairn's first backup makes its repository; that of the others is made before, in a step of its own that is not counted.
 */
public final class PeersBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "old", "",
            "new", "",
            "peers", "cairn,cairn-short,restic,rustic,borg,tar",
            "rounds", "3",
            "settle", "3",
            "warm", "8",
            "forced", "no");

    private static final String REFERENCE = "restic";

    private final Options options;
    private final Results results;
    private final LiveTree live;
    private final Path out;
    private final Path scratch;
    private final List<Peer> peers;
    private final Map<String, List<ProcessRun>> runs = new LinkedHashMap<>();
    private final Map<String, List<Double>> sizes = new LinkedHashMap<>();

    private PeersBenchmark(Options options) {
        this.options = options;
        this.live = new LiveTree(options.work().resolve("live"), options.number("settle"));
        this.out = options.work().resolve("out");
        this.scratch = options.work().resolve("scratch");
        Peers known = new Peers(options.work(), live.root());
        this.peers = Stream.of(options.text("peers").split(","))
                .filter(Peers::isInstalled)
                .map(known::peer)
                .toList();
        this.results = new Results("peers", options);
    }

    /** @param args see {@link Options}; {@code old} and {@code new} are folders */
    public static void main(String[] args) throws IOException, InterruptedException {
        new PeersBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, InterruptedException {
        for (int round = 1; round <= options.number("rounds"); round++) {
            List<Peer> order = new ArrayList<>(peers);
            Collections.rotate(order, 1 - round);
            round(round, order);
        }
        summarize();
        results.printJson();
    }

    private void round(int round, List<Peer> order) throws IOException, InterruptedException {
        live.become(Path.of(options.text("old")));
        for (Peer peer : order) {
            PackedHost.remove(peer.folder());
            Files.createDirectories(peer.folder());
            if (!peer.init().isEmpty()) {
                measure(round, peer, "init", peer.init());
            }
        }
        for (Peer peer : order) {
            measure(round, peer, "first", peer.backup().apply("first", live.root()));
        }
        if (options.number("warm") > 0) {
            warm(round);
        }
        for (Peer peer : order) {
            measure(round, peer, "unchanged", peer.backup().apply("unchanged", live.root()));
        }
        live.become(Path.of(options.text("new")));
        for (Peer peer : order) {
            measure(round, peer, "next", peer.backup().apply("next", live.root()));
        }
        LiveTree.Extent expected = LiveTree.extent(live.root());
        for (Peer peer : order) {
            restore(round, peer, expected);
        }
        for (Peer peer : order) {
            if (!peer.check().isEmpty()) {
                measure(round, peer, "check", peer.check());
            }
        }
    }

    private void restore(int round, Peer peer, LiveTree.Extent expected) throws IOException, InterruptedException {
        Files.createDirectories(out);
        List<String> command = peer.restore().apply("next", out);
        measure(round, peer, "restore", forces(peer) ? followedBySync(command) : command);
        LiveTree.Extent restored = LiveTree.extent(out);
        if (!restored.equals(expected)) {
            throw new IllegalStateException(peer.name() + " restored " + restored + ", not " + expected);
        }
        PackedHost.remove(out);
        PackedHost.remove(out.resolveSibling(out.getFileName() + "-home"));
    }

    /** Cairn forces every file in any case. */
    private boolean forces(Peer peer) {
        return options.text("forced").equals("yes") && !peer.name().startsWith("cairn");
    }

    private List<String> followedBySync(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("sh", "-c", "\"$@\" && sync -f '" + out + "'", "sh"));
        whole.addAll(command);
        return whole;
    }

    private void warm(int round) throws IOException, InterruptedException {
        ProcessRun run = ProcessRun.of(
                Peers.java(
                        List.of(),
                        "warm",
                        options.work().resolve("warm").toString(),
                        live.root().toString(),
                        options.text("warm")),
                Map.of(),
                scratch);
        List<String[]> lines = run.printed().stream()
                .filter(line -> line.startsWith("warm "))
                .map(line -> line.split(" "))
                .toList();
        List<Double> seconds =
                lines.stream().map(words -> Double.parseDouble(words[1])).toList();
        List<Double> cpu =
                lines.stream().map(words -> Double.parseDouble(words[2])).toList();
        for (int i = seconds.size() / 2; i < seconds.size(); i++) {
            keep("cairn warm first", new ProcessRun(seconds.get(i), cpu.get(i), 0, run.peakMegabytes(), List.of()));
        }
        Map<String, Object> line = run.figures();
        line.put("round", round);
        line.put("seconds", seconds);
        line.put("cpu_seconds", cpu);
        results.add("cairn warm first", line);
    }

    private void measure(int round, Peer peer, String step, List<String> command)
            throws IOException, InterruptedException {
        ProcessRun run = ProcessRun.of(command, peer.environment(), scratch);
        double megabytes = PackedHost.bytes(peer.repository()) / 1e6;
        String what = peer.name() + " " + step;
        keep(what, run);
        sizes.computeIfAbsent(what, key -> new ArrayList<>()).add(megabytes);
        Map<String, Object> line = run.figures();
        line.put("round", round);
        line.put("repository_mb", megabytes);
        results.add(what, line);
    }

    private void keep(String what, ProcessRun run) {
        runs.computeIfAbsent(what, key -> new ArrayList<>()).add(run);
    }

    private void summarize() {
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
            List<Double> stored = sizes.getOrDefault(what, List.of());
            if (!stored.isEmpty()) {
                line.put("repository_mb", Spread.of(stored).median());
            }
            ratios(walls, runs.getOrDefault(REFERENCE + " " + step, List.of()), line);
            results.add("summary: " + what, line);
        });
    }

    /** Within each round where there is one of each, else of all to the median. */
    private static void ratios(List<Double> walls, List<ProcessRun> reference, Map<String, Object> line) {
        if (reference.isEmpty()) {
            return;
        }
        double median = Spread.of(
                        reference.stream().map(ProcessRun::wallSeconds).toList())
                .median();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < walls.size(); i++) {
            double by = walls.size() == reference.size() ? reference.get(i).wallSeconds() : median;
            ratios.add(walls.get(i) / by);
        }
        line.put("to_restic_median", Spread.of(ratios).median());
        line.put("to_restic_min", Spread.of(ratios).min());
        line.put("to_restic_max", Spread.of(ratios).max());
    }
}
