package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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

    private final Options options;
    private final Results results;
    private final PeerRuns runs;
    private final LiveTree live;
    private final Path out;
    private final Path scratch;
    private final List<Peer> peers;

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
        this.runs = new PeerRuns(results, scratch, List.of("restic"));
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
        runs.summarize();
        results.printJson();
    }

    private void round(int round, List<Peer> order) throws IOException, InterruptedException {
        live.become(Path.of(options.text("old")));
        for (Peer peer : order) {
            PackedHost.remove(peer.folder());
            Files.createDirectories(peer.folder());
            if (!peer.init().isEmpty()) {
                runs.measure(round, peer, "init", peer.init());
            }
        }
        for (Peer peer : order) {
            runs.measure(round, peer, "first", peer.backup().apply("first", live.root()));
        }
        if (options.number("warm") > 0) {
            warm(round);
        }
        for (Peer peer : order) {
            runs.measure(round, peer, "unchanged", peer.backup().apply("unchanged", live.root()));
        }
        live.become(Path.of(options.text("new")));
        for (Peer peer : order) {
            runs.measure(round, peer, "next", peer.backup().apply("next", live.root()));
        }
        LiveTree.Extent expected = LiveTree.extent(live.root());
        for (Peer peer : order) {
            restore(round, peer, expected);
        }
        for (Peer peer : order) {
            if (!peer.check().isEmpty()) {
                runs.measure(round, peer, "check", peer.check());
            }
        }
    }

    private void restore(int round, Peer peer, LiveTree.Extent expected) throws IOException, InterruptedException {
        Files.createDirectories(out);
        List<String> command = peer.restore().apply("next", out);
        runs.measure(round, peer, "restore", forces(peer) ? followedBySync(command) : command);
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
            runs.keep(
                    "cairn warm first", new ProcessRun(seconds.get(i), cpu.get(i), 0, run.peakMegabytes(), List.of()));
        }
        Map<String, Object> line = run.figures();
        line.put("round", round);
        line.put("seconds", seconds);
        line.put("cpu_seconds", cpu);
        results.add("cairn warm first", line);
    }
}
