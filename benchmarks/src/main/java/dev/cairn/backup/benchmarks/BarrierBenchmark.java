package dev.cairn.backup.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * How long snapshots hold the host's lock: a database with a writer, many files of consistency IMMUTABLE and a value in memory, all under one lock.
 *
 * <p>Two series. <b>Discarded</b>: many snapshots whose prepare, freeze and close are real and whose content is never read, since the reading happens outside the
 * barrier. <b>Stored</b>: a few complete ones into a browsable repository, to show that the reading does not change the barrier.
 */
public final class BarrierBenchmark {

    private static final Map<String, String> DEFAULTS = Map.of(
            "mb",
            "500",
            "files",
            "20000",
            "folders",
            "200",
            "tps",
            "500",
            "tx-per-file",
            "50",
            "hot-files",
            "20",
            "snapshots",
            "1000",
            "warmup",
            "100",
            "stored",
            "10",
            "settle",
            "70");

    private final Options options;
    private final Results results;
    private final Path database;
    private final FileTree tree;

    private BarrierBenchmark(Options options) {
        this.options = options;
        this.results = new Results("barrier", options);
        this.database = options.work().resolve("memory.db");
        this.tree = FileTree.of(options);
    }

    /** @param args see {@link Options}; without any it prints what there is */
    public static void main(String[] args) throws IOException, SQLException {
        new BarrierBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, SQLException {
        Files.createDirectories(options.work());
        long memories = MemoryDatabase.make(database, options.number("mb"));
        tree.make();
        try (Host host = new Host(database, memories, tree, options.number("tx-per-file"));
                Writer writer = Writer.start(host, options.number("tps"))) {
            Samples transactions = new Samples();
            settle();
            writer.measureInto(transactions);
            measure(
                    "discarded",
                    host,
                    new DiscardingRepository(),
                    options.number("warmup"),
                    options.number("snapshots"));
            writer.measureInto(null);
            results.add("discarded: transactions of the writer", transactions.distribution(), Map.of());
            if (options.number("stored") > 0) {
                measure("stored", host, BrowsableRepository.at(home().repository()), 1, options.number("stored"));
            }
        }
        results.printJson();
    }

    /** A tree that was written a moment ago is not what a host has: its folders would all count as busy. */
    private void settle() {
        try {
            Thread.sleep(options.number("settle") * 1000L);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the tree settles", e);
        }
    }

    private FileHome home() {
        return FileHome.at(options.work().resolve("home"));
    }

    private void measure(String series, Host host, SnapshotRepository repository, int warmup, int snapshots) {
        Samples held = new Samples();
        List<TimedDataset> datasets = datasets(host);
        try (SnapshotManager manager = Cairn.builder()
                .repository(repository)
                .state(home().state())
                .scratch(home().scratch())
                .datasets(datasets)
                .barrier(action -> host.hold(action, held))
                .projectionVersion(() -> host.state().counter())
                .manualRetention(Retention.keepLast(1))
                .open()) {
            take(manager, warmup);
            held.clear();
            datasets.forEach(TimedDataset::forget);
            take(manager, snapshots);
        }
        results.add(series + ": barrier, lock got to release", held.distribution(), Map.of());
        for (TimedDataset dataset : datasets) {
            results.add(
                    series + ": freeze of " + dataset.name(), dataset.frozen().distribution(), Map.of());
            results.add(
                    series + ": prepare of " + dataset.name(),
                    dataset.prepared().distribution(),
                    Map.of());
        }
    }

    private List<TimedDataset> datasets(Host host) {
        return List.of(
                new TimedDataset(SqliteDataset.of("memory", database)),
                new TimedDataset(FilesDataset.of("files", tree.root()).consistency(Consistency.IMMUTABLE)),
                new TimedDataset(StateDataset.of(
                        "state", JsonCodec.of(new ObjectMapper(), Host.State.class), host::state, restored -> {})));
    }

    private static void take(SnapshotManager manager, int count) {
        for (int i = 0; i < count; i++) {
            manager.create();
            manager.prune();
        }
    }
}
