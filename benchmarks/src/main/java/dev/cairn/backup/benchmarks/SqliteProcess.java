package dev.cairn.backup.benchmarks;

import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.IntegrityCheck;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * Cairn with one SQLite database as a process of its own, to be measured beside programs that are nothing else: {@code backup HOME DATABASE}, {@code restore HOME DATABASE} with
 * SQLite's quick check of what was restored and {@code proved HOME DATABASE} with its full one, and what needs a host that runs: {@code warm-first HOMES DATABASE N}, N first snapshots into
 * new homes; {@code warm-updated HOME DATABASE N ROWS} and {@code continuous HOME DATABASE N ROWS}, N snapshots each after as many updates, without and with continuous protection. Only the public
 * API is used, with its defaults.
 */
public final class SqliteProcess {

    /** The name of the one dataset. */
    static final String DATASET = "memory";

    private SqliteProcess() {}

    /**
     * What to do and with what.
     *
     * @throws IllegalArgumentException if that cannot be understood
     */
    public static void main(String[] args) throws IOException, SQLException {
        List<String> given = List.of(args);
        String what = given.isEmpty() ? "" : given.get(0);
        int expected = switch (what) {
            case "backup", "restore", "proved" -> 3;
            case "warm-first" -> 4;
            case "warm-updated", "continuous" -> 5;
            default -> 0;
        };
        if (given.size() != expected) {
            throw new IllegalArgumentException(
                    "backup, restore or proved HOME DATABASE, warm-first HOMES DATABASE N, warm-updated or continuous HOME DATABASE N ROWS are known, not "
                            + given);
        }
        Path home = Path.of(given.get(1));
        Path database = Path.of(given.get(2));
        SqliteDataset dataset = SqliteDataset.of(DATASET, database);
        switch (what) {
            case "backup" -> backup(home, dataset);
            case "restore" -> restore(home, database, dataset.optional());
            case "proved" -> restore(home, database, dataset.optional().integrityCheck(IntegrityCheck.FULL));
            case "warm-first" -> warmFirst(home, dataset, Integer.parseInt(given.get(3)));
            case "warm-updated" ->
                updated(home, database, dataset, Integer.parseInt(given.get(3)), Integer.parseInt(given.get(4)));
            default ->
                updated(
                        home,
                        database,
                        dataset.continuous(ContinuousProtection.defaults()),
                        Integer.parseInt(given.get(3)),
                        Integer.parseInt(given.get(4)));
        }
    }

    private static SnapshotManager open(Path home, Dataset dataset) {
        return Cairn.builder().home(FileHome.at(home)).dataset(dataset).open();
    }

    /** One snapshot, by a manager that is opened and closed for it. */
    static void backup(Path home, Dataset dataset) {
        try (SnapshotManager manager = open(home, dataset)) {
            say(manager.create());
        }
    }

    private static void say(SnapshotMetadata taken) {
        System.out.println("snapshot " + taken.id() + " bytes " + taken.sizeBytes());
    }

    /** To an installation that has nothing but the repository and its key; the database's folder is made if need be. */
    static void restore(Path home, Path database, Dataset dataset) throws IOException {
        Path target = database.toAbsolutePath().getParent();
        if (target == null) {
            throw new IllegalArgumentException(database + " has no folder");
        }
        Files.createDirectories(target);
        FileHome from = FileHome.at(home);
        try (SnapshotManager manager = Cairn.builder()
                .repository(PackedRepository.at(from.repository(), from.keys()))
                .state(FileHome.at(target.resolveSibling(target.getFileName() + "-home"))
                        .state())
                .dataset(dataset)
                .open()) {
            // The snapshots for safety, that earlier restores took of their empty targets, do not count.
            SnapshotMetadata newest = manager.listAll().stream()
                    .filter(snapshot -> snapshot.safetyFor().isEmpty())
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
            manager.restore(manager.plan(RestoreRequest.of(newest.id())
                    .approvedBy("benchmark", "an old snapshot is as good to measure")
                    .asBootstrap()));
            say(newest);
        }
    }

    private static void warmFirst(Path homes, SqliteDataset dataset, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            Path home = homes.resolve("home-" + i);
            double cpu = PackedProcess.cpuSeconds();
            long start = System.nanoTime();
            backup(home, dataset);
            Warm taken = Warm.since(start, cpu);
            taken.tell("first", PackedHost.bytes(home.resolve("backups")));
            PackedHost.remove(home);
        }
    }

    /** The host keeps its connection and its manager open; only {@code create()} is measured. */
    private static void updated(Path home, Path database, SqliteDataset dataset, int times, int rows)
            throws IOException, SQLException {
        long memories = MemoryDatabase.make(database, 0);
        try (Connection host = MemoryDatabase.connect(database);
                SnapshotManager manager = open(home, dataset)) {
            manager.create();
            for (int i = 0; i < times; i++) {
                RowUpdates.apply(host, memories, rows, System.nanoTime());
                long before = PackedHost.bytes(home.resolve("backups"));
                double cpu = PackedProcess.cpuSeconds();
                long start = System.nanoTime();
                manager.create();
                Warm taken = Warm.since(start, cpu);
                taken.tell("updated", PackedHost.bytes(home.resolve("backups")) - before);
            }
        }
    }

    /** What one snapshot of a process that lives longer took. */
    private record Warm(double wallSeconds, double cpuSeconds) {

        static Warm since(long start, double cpuBefore) {
            return new Warm((System.nanoTime() - start) / 1e9, PackedProcess.cpuSeconds() - cpuBefore);
        }

        void tell(String step, long bytesAdded) {
            System.out.printf(Locale.ROOT, "warm %s %.3f %.3f %.6f%n", step, wallSeconds, cpuSeconds, bytesAdded / 1e6);
        }
    }
}
