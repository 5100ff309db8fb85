package dev.cairn.backup.benchmarks;

import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Cairn as a process of its own, to be measured beside programs that are nothing else: {@code backup HOME TREE}, {@code restore HOME TARGET}, {@code check
 * HOME TREE}, and {@code warm HOMES TREE N}, which takes N first backups into new homes in one JVM. Only the public API is used, with its defaults. Every file of a
 * restore is forced before it is swapped in, since the library knows no other way.
 */
public final class PackedProcess {

    private PackedProcess() {}

    /**
     * What to do and with what.
     *
     * @throws IllegalArgumentException if that cannot be understood
     * @throws IllegalStateException if a check found something
     */
    public static void main(String[] args) throws IOException {
        List<String> given = List.of(args);
        String what = given.isEmpty() ? "" : given.get(0);
        if (given.size() != (what.equals("warm") ? 4 : 3)) {
            throw new IllegalArgumentException(
                    "backup HOME TREE, restore HOME TARGET, check HOME TREE or warm HOMES TREE N are known, not "
                            + given);
        }
        Path home = Path.of(given.get(1));
        Path tree = Path.of(given.get(2));
        switch (what) {
            case "backup" -> backup(home, tree);
            case "restore" -> restore(home, tree);
            case "check" -> check(home, tree);
            case "warm" -> warm(home, tree, Integer.parseInt(given.get(3)));
            default -> throw new IllegalArgumentException("unknown: " + what);
        }
    }

    private static void backup(Path home, Path tree) {
        try (SnapshotManager manager = new PackedHost(home, tree).open()) {
            say(manager.create());
        }
    }

    private static void say(SnapshotMetadata taken) {
        System.out.println("snapshot " + taken.id() + " bytes " + taken.sizeBytes());
    }

    /** Into an empty folder of an installation that has nothing but the repository and its key. */
    private static void restore(Path home, Path target) throws IOException {
        Files.createDirectories(target);
        FileHome from = FileHome.at(home);
        try (SnapshotManager manager = Cairn.builder()
                .repository(PackedRepository.at(from.repository(), from.keys()))
                .state(FileHome.at(target.resolveSibling(target.getFileName() + "-home"))
                        .state())
                .dataset(FilesDataset.of(PackedHost.DATASET, target))
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

    private static void check(Path home, Path tree) {
        try (SnapshotManager manager = new PackedHost(home, tree).open()) {
            RepositoryReport report = manager.check(RepositoryCheck.of(VerificationDepth.CONTENT));
            if (!report.passed() || report.bytesChecked() == 0) {
                throw new IllegalStateException("the check says " + report);
            }
            System.out.println("checked " + report.blobsChecked() + " blobs, " + report.bytesChecked() + " bytes");
        }
    }

    private static void warm(Path homes, Path tree, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            Path home = homes.resolve("home-" + i);
            double cpu = cpuSeconds();
            long start = System.nanoTime();
            backup(home, tree);
            double wall = (System.nanoTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "warm %.3f %.3f%n", wall, cpuSeconds() - cpu);
            PackedHost.remove(home);
        }
    }

    /** Of all threads of this process so far; NaN where the platform does not tell. */
    static double cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(spent -> spent.toNanos() / 1e9)
                .orElse(Double.NaN);
    }
}
