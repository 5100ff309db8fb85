package dev.cairn.backup.benchmarks;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * Cairn with the table of a {@link RowsDatabase} as a process of its own: {@code backup HOME DATABASE}, {@code restore HOME DATABASE} into a database whose table is empty, and {@code warm FOLDER DATABASE N}, N
 * times both in one JVM, into a new repository and out of it. Only the public API is used, with its defaults.
 */
public final class SqliteTablesProcess {

    private SqliteTablesProcess() {}

    /**
     * What to do and with what.
     *
     * @throws IllegalArgumentException if that cannot be understood
     */
    public static void main(String[] args) throws IOException, SQLException {
        List<String> given = List.of(args);
        String what = given.isEmpty() ? "" : given.get(0);
        if (given.size() != (what.equals("warm") ? 4 : 3)) {
            throw new IllegalArgumentException(
                    "backup HOME DATABASE, restore HOME DATABASE or warm FOLDER DATABASE N are known, not " + given);
        }
        Path folder = Path.of(given.get(1));
        Path database = Path.of(given.get(2));
        switch (what) {
            case "backup" -> SqliteProcess.backup(folder, table(database));
            case "restore" -> SqliteProcess.restore(folder, database, table(database));
            case "warm" -> warm(folder, database, Integer.parseInt(given.get(3)));
            default -> throw new IllegalArgumentException("unknown: " + what);
        }
    }

    private static Dataset table(Path database) {
        return SqliteTablesDataset.of("rows", database, RowsDatabase.TABLE);
    }

    private static void warm(Path folder, Path database, int times) throws IOException, SQLException {
        for (int i = 0; i < times; i++) {
            Path home = folder.resolve("home-" + i);
            Path target = folder.resolve("target-" + i).resolve("rows.db");
            Files.createDirectories(folder.resolve("target-" + i));
            RowsDatabase.make(target, 0);
            Dataset restored = table(target);
            double cpuBefore = PackedProcess.cpuSeconds();
            long start = System.nanoTime();
            SqliteProcess.backup(home, table(database));
            double cpuBetween = PackedProcess.cpuSeconds();
            long between = System.nanoTime();
            SqliteProcess.restore(home, target, restored);
            tell("capture", between - start, cpuBetween - cpuBefore);
            tell("restore", System.nanoTime() - between, PackedProcess.cpuSeconds() - cpuBetween);
            PackedHost.remove(folder);
        }
    }

    private static void tell(String step, long nanos, double cpuSeconds) {
        System.out.printf(Locale.ROOT, "warm %s %.3f %.3f%n", step, nanos / 1e9, cpuSeconds);
    }
}
