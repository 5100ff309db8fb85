package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Cairn side by side with {@code sqlite3 .backup} followed by restic, and with Litestream, whichever are installed, on a SQLite database whose host has it open: first snapshot, the same after some random
 * rows were updated, restore as each does it unasked, restore with a full integrity check. Whole processes, everything in the cache; then what a host that runs pays: first snapshots in a warm JVM, snapshots
 * after updates in a warm JVM, and the same under continuous protection. All peers do one step before any does the next, and a round begins with another peer each time; ratios are made within a round.
 *
 * <p>Cairn's first snapshot makes its repository; restic's is made before. What every peer restores is compared with the host's database.
 */
public final class SqlitePeersBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "mb", "500",
            "rows", "1000",
            "peers", "cairn,cairn-short,restic,litestream",
            "rounds", "3",
            "warm", "6");

    private final Options options;
    private final Results results;
    private final Path live;
    private final Path out;
    private final Path scratch;
    private final SqlitePeers known;
    private final List<Peer> peers;
    private final PeerRuns runs;

    private SqlitePeersBenchmark(Options options) {
        this.options = options;
        this.live = options.work().resolve("live").resolve("memory.db");
        this.out = options.work().resolve("out");
        this.scratch = options.work().resolve("scratch");
        this.results = new Results("sqlite-peers", options);
        this.known = new SqlitePeers(options.work(), live);
        this.peers = Stream.of(options.text("peers").split(","))
                .filter(this::isInstalled)
                .map(known::peer)
                .toList();
        this.runs = new PeerRuns(results, scratch, List.of("restic", "litestream"));
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        new SqlitePeersBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private boolean isInstalled(String name) {
        List<String> missing = SqlitePeers.missing(name);
        if (!missing.isEmpty()) {
            results.add("left out: " + name, Map.of("not_on_path", missing));
        }
        return missing.isEmpty();
    }

    private void run() throws IOException, InterruptedException, SQLException {
        Files.createDirectories(options.work().resolve("live"));
        long memories = MemoryDatabase.make(live, options.number("mb"));
        for (int round = 1; round <= options.number("rounds"); round++) {
            List<Peer> order = new ArrayList<>(peers);
            Collections.rotate(order, 1 - round);
            round(round, order, memories);
        }
        runs.summarize();
        results.printJson();
    }

    private void round(int round, List<Peer> order, long memories)
            throws IOException, InterruptedException, SQLException {
        // The host's connection stays open, so that no peer is the last to close and has to clear the log away.
        try (Connection host = MemoryDatabase.connect(live)) {
            RowUpdates.Fingerprint expected = cold(round, order, memories, host);
            for (String step : List.of("restore", "proved")) {
                for (Peer peer : order) {
                    restore(round, peer, step, expected);
                }
            }
            for (Peer peer : order) {
                PackedHost.remove(peer.folder());
            }
            if (options.number("warm") > 0) {
                warm(round, "cairn warm first", "warm-first");
                warm(round, "cairn warm updated", "warm-updated", options.text("rows"));
                warm(round, "cairn continuous updated", "continuous", options.text("rows"));
            }
        }
    }

    private RowUpdates.Fingerprint cold(int round, List<Peer> order, long memories, Connection host)
            throws IOException, InterruptedException, SQLException {
        for (Peer peer : order) {
            PackedHost.remove(peer.folder());
            Files.createDirectories(peer.folder());
            if (!peer.init().isEmpty()) {
                runs.measure(round, peer, "init", peer.init());
            }
        }
        for (Peer peer : order) {
            runs.measure(round, peer, "first", peer.backup().apply("first", known.database(peer)));
        }
        RowUpdates.apply(host, memories, options.number("rows"), round);
        for (Peer peer : order) {
            Path database = known.database(peer);
            if (database.equals(live)) {
                runs.measure(round, peer, "updated", peer.backup().apply("updated", database));
            } else {
                try (Connection other = MemoryDatabase.connect(database)) {
                    RowUpdates.apply(other, memories, options.number("rows"), round);
                    runs.measure(round, peer, "updated", peer.backup().apply("updated", database));
                }
            }
        }
        return RowUpdates.fingerprint(host);
    }

    private void restore(int round, Peer peer, String step, RowUpdates.Fingerprint expected)
            throws IOException, InterruptedException, SQLException {
        Files.createDirectories(out);
        runs.measure(round, peer, step, peer.restore().apply(step, out));
        try (Connection restored = MemoryDatabase.connect(restoredDatabase())) {
            RowUpdates.Fingerprint found = RowUpdates.fingerprint(restored);
            if (!found.equals(expected)) {
                throw new IllegalStateException(peer.name() + " restored " + found + ", not " + expected);
            }
        }
        PackedHost.remove(out);
        PackedHost.remove(out.resolveSibling(out.getFileName() + "-home"));
    }

    /** Some restore it below the path that it had. */
    private Path restoredDatabase() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(out, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.endsWith("memory.db")) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        if (found.size() != 1) {
            throw new IllegalStateException("restored was " + found + ", not one database");
        }
        return found.get(0);
    }

    /** Runs a process that takes many snapshots, and counts the second half of them. */
    private void warm(int round, String what, String command, String... more) throws IOException, InterruptedException {
        Path homes = options.work().resolve("warm");
        List<String> arguments =
                new ArrayList<>(List.of(command, homes.toString(), live.toString(), options.text("warm")));
        arguments.addAll(List.of(more));
        ProcessRun run = ProcessRun.of(
                Peers.java(SqliteProcess.class, List.of(), arguments.toArray(String[]::new)), Map.of(), scratch);
        List<List<Double>> lines = run.printed().stream()
                .filter(line -> line.startsWith("warm "))
                .map(line ->
                        Stream.of(line.split(" ")).skip(2).map(Double::valueOf).toList())
                .toList();
        for (List<Double> each : lines.subList(lines.size() / 2, lines.size())) {
            runs.keep(what, new ProcessRun(each.get(0), each.get(1), 0, run.peakMegabytes(), List.of()));
        }
        Map<String, Object> line = new LinkedHashMap<>(run.figures());
        line.put("round", round);
        line.put("seconds", column(lines, 0));
        line.put("cpu_seconds", column(lines, 1));
        line.put("added_mb", column(lines, 2));
        results.add(what, line);
        PackedHost.remove(homes);
    }

    private static List<Double> column(List<List<Double>> lines, int index) {
        return lines.stream().map(each -> each.get(index)).toList();
    }
}
