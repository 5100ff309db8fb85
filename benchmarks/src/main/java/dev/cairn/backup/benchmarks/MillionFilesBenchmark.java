package dev.cairn.backup.benchmarks;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A million files of about a hundred bytes: the first backup, unchanged ones, what the index weighs, and how much of the packs is read to list one folder of it. Each
 * unchanged run opens the repository anew. All in one JVM.
 */
public final class MillionFilesBenchmark {

    private static final Map<String, String> DEFAULTS =
            Map.of("files", "1000000", "folders", "1000", "rounds", "3", "settle", "3");

    private final Options options;
    private final Results results;
    private final Path tree;
    private final PackedHost host;

    private MillionFilesBenchmark(Options options) {
        this.options = options;
        this.results = new Results("million-files", options);
        this.tree = options.work().resolve("files");
        this.host = new PackedHost(options.work().resolve("home"), tree);
    }

    /** @param args see {@link Options} */
    public static void main(String[] args) throws IOException, InterruptedException {
        new MillionFilesBenchmark(Options.parse(DEFAULTS, args)).run();
    }

    private void run() throws IOException, InterruptedException {
        make();
        TimeUnit.SECONDS.sleep(options.number("settle")); // A ctime of a moment ago is not trusted by the next run.
        SnapshotId newest = take("first");
        for (int round = 0; round < options.number("rounds"); round++) {
            newest = take("unchanged");
        }
        list(newest, "listing of one folder", EntryPath.of("d7"));
        list(newest, "listing of everything", EntryPath.ROOT);
        results.printJson();
    }

    private void make() throws IOException {
        if (Files.isDirectory(tree)) {
            return;
        }
        SplittableRandom random = new SplittableRandom(17);
        int folders = options.number("folders");
        for (int folder = 0; folder < folders; folder++) {
            Files.createDirectories(tree.resolve("d" + folder));
        }
        for (int file = 0; file < options.number("files"); file++) {
            byte[] content = new byte[random.nextInt(60, 140)];
            random.nextBytes(content);
            Files.write(tree.resolve("d" + file % folders).resolve("file-" + file + ".dat"), content);
        }
    }

    private SnapshotId take(String what) throws IOException {
        long before = HeapInUse.bytes();
        long start = System.nanoTime();
        try (SnapshotManager manager = host.open()) {
            SnapshotId id = manager.create().id();
            double seconds = (System.nanoTime() - start) / 1e9;
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("seconds", seconds);
            line.put("repository_mb", PackedHost.bytes(host.home().resolve("backups")) / 1e6);
            line.put("heap_per_file_bytes", (HeapInUse.bytes() - before) / (double) options.number("files"));
            results.add(what, line);
            return id;
        }
    }

    /** By a reader that has read nothing before: blocks that an earlier listing left in memory would not be counted. */
    private void list(SnapshotId id, String what, EntryPath top) {
        FileHome home = FileHome.at(host.home());
        CountingStore store = new CountingStore(home.repository());
        long entries = 0;
        try (PackedRepository repository = PackedRepository.at(store, home.keys());
                SnapshotReader snapshot = repository.read(id)) {
            store.reset();
            long start = System.nanoTime();
            try (EntryCursor cursor = snapshot.dataset(PackedHost.DATASET).entries(top)) {
                while (cursor.next() != null) {
                    entries++;
                }
            }
            Map<String, Object> line = new LinkedHashMap<>(store.counts());
            line.put("seconds", (System.nanoTime() - start) / 1e9);
            line.put("entries", entries);
            results.add(what, line);
        }
    }
}
