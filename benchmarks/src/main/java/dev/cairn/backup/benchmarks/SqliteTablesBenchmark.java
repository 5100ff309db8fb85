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
import java.util.stream.Stream;

/**
 * A table of many rows, captured and restored by Cairn, side by side with {@code sqlite3 .dump} into a file and reading that back into a new database. Whole processes, then the same in a warm JVM; both do
 * one step before either does the next, and a round begins with the other one each time. What each restores is compared with the original.
 */
public final class SqliteTablesBenchmark {

    private static final Map<String, String> DEFAULTS =
            Map.of("rows", "1000000", "peers", "cairn,cairn-short,sqlite3", "rounds", "3", "warm", "4");

    private static final String REFERENCE = "sqlite3";
    private static final String FILE = "rows.db";

    private final Options options;
    private final Results results;
    private final Path work;
    private final Path database;
    private final Path out;
    private final PeerRuns runs;
    private final List<Peer> peers;

    private SqliteTablesBenchmark(Options options) {
        this.options = options;
        this.work = options.work();
        this.database = work.resolve(FILE);
        this.out = work.resolve("out");
        this.results = new Results("sqlite-tables", options);
        this.runs = new PeerRuns(results, work.resolve("scratch"), List.of(REFERENCE));
        this.peers = Stream.of(options.text("peers").split(","))
                .filter(this::isAvailable)
                .map(this::peer)
                .toList();
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        new SqliteTablesBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private boolean isAvailable(String name) {
        boolean available = !name.equals(REFERENCE) || Peers.onPath(name);
        if (!available) {
            results.add("left out: " + name, Map.of("not_on_path", List.of(name)));
        }
        return available;
    }

    private Peer peer(String name) {
        Path folder = work.resolve("peer-" + name);
        return switch (name) {
            case "cairn" -> cairn(name, folder, List.of());
            case "cairn-short" -> cairn(name, folder, ShortLivedJvm.options(work));
            case REFERENCE -> dump(folder);
            default -> throw new IllegalArgumentException("no peer '" + name + "'");
        };
    }

    private static Peer cairn(String name, Path folder, List<String> jvm) {
        return new Peer(
                name,
                folder,
                folder.resolve("backups"),
                Map.of(),
                List.of(),
                (step, from) ->
                        Peers.java(SqliteTablesProcess.class, jvm, "backup", folder.toString(), from.toString()),
                (step, to) -> Peers.java(SqliteTablesProcess.class, jvm, "restore", folder.toString(), to.toString()),
                List.of());
    }

    private static Peer dump(Path folder) {
        Path file = folder.resolve("dump.sql");
        return new Peer(
                REFERENCE,
                folder,
                folder,
                Map.of(),
                List.of(),
                (step, from) -> List.of(
                        "sh", "-c", "sqlite3 '" + from + "' '.dump " + RowsDatabase.TABLE + "' > '" + file + "'"),
                (step, to) -> List.of("sh", "-c", "sqlite3 '" + to + "' < '" + file + "'"),
                List.of());
    }

    private void run() throws IOException, InterruptedException, SQLException {
        Files.createDirectories(work);
        RowsDatabase.make(database, options.number("rows"));
        RowsDatabase.Fingerprint expected = RowsDatabase.fingerprint(database);
        for (int round = 1; round <= options.number("rounds"); round++) {
            List<Peer> order = new ArrayList<>(peers);
            Collections.rotate(order, 1 - round);
            for (Peer peer : order) {
                PackedHost.remove(peer.folder());
                Files.createDirectories(peer.folder());
                runs.measure(round, peer, "capture", peer.backup().apply("capture", database));
            }
            for (Peer peer : order) {
                restore(round, peer, expected);
            }
            if (options.number("warm") > 0) {
                warm(round);
            }
        }
        runs.summarize();
        results.printJson();
    }

    private void restore(int round, Peer peer, RowsDatabase.Fingerprint expected)
            throws IOException, InterruptedException, SQLException {
        Files.createDirectories(out);
        Path target = out.resolve(FILE);
        if (!peer.name().equals(REFERENCE)) {
            RowsDatabase.make(target, 0); // A dump makes its table itself.
        }
        runs.measure(round, peer, "restore", peer.restore().apply("restore", target));
        RowsDatabase.Fingerprint found = RowsDatabase.fingerprint(target);
        if (!found.equals(expected)) {
            throw new IllegalStateException(peer.name() + " restored " + found + ", not " + expected);
        }
        PackedHost.remove(out);
        PackedHost.remove(out.resolveSibling(out.getFileName() + "-home"));
    }

    /** Counts the second half of what one process does again and again. */
    private void warm(int round) throws IOException, InterruptedException {
        ProcessRun run = ProcessRun.of(
                Peers.java(
                        SqliteTablesProcess.class,
                        List.of(),
                        "warm",
                        work.resolve("warm").toString(),
                        database.toString(),
                        options.text("warm")),
                Map.of(),
                work.resolve("scratch"));
        for (String step : List.of("capture", "restore")) {
            List<List<Double>> lines = run.printed().stream()
                    .filter(line -> line.startsWith("warm " + step + " "))
                    .map(line -> Stream.of(line.split(" "))
                            .skip(2)
                            .map(Double::valueOf)
                            .toList())
                    .toList();
            for (List<Double> each : lines.subList(lines.size() / 2, lines.size())) {
                runs.keep(
                        "cairn warm " + step,
                        new ProcessRun(each.get(0), each.get(1), 0, run.peakMegabytes(), List.of()));
            }
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("round", round);
            line.put("peak_mb", run.peakMegabytes());
            line.put("seconds", lines.stream().map(each -> each.get(0)).toList());
            line.put("cpu_seconds", lines.stream().map(each -> each.get(1)).toList());
            results.add("cairn warm " + step, line);
        }
    }
}
