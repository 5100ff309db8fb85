package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Invariant 6 where calls fail: each call of a restore, reads and looks included, fails once or from then on. A restore ends with a typed error and the old state, or with the new one; what it
 * could not undo is undone by the next start. Nothing stays open, and no staging stays behind. The normal run takes every second call, each in one of the eight ways; a campaign
 * ({@code -Dcairn.campaign=restore-faults}) takes each in all of them.
 */
class RestoreFaultsTest {

    private static final int STRIDE = System.getProperty("cairn.campaign", "").contains("restore-faults") ? 1 : 16;

    private static final int WAYS = 2 * FaultKind.values().length;
    private static final int WORKERS = Runtime.getRuntime().availableProcessors();

    private static final int MOST_RECOVERY_CALLS = 199;

    private final Map<String, Integer> ends = new ConcurrentSkipListMap<>();
    private MemoryFolder memory;
    private SnapshotId first;
    private Map<String, String> whenFirst;
    private Map<String, String> whenSecond;

    @BeforeEach
    void makeHost() throws IOException {
        memory = MemoryFolder.create();
        SmallHost host = new SmallHost(template());
        host.writeFirst();
        try (SnapshotManager backups = host.configure().open()) {
            first = backups.create().id();
        }
        whenFirst = SmallHost.disk(template());
        host.writeSecond();
        whenSecond = SmallHost.disk(template());
    }

    @AfterEach
    void remove() throws IOException {
        memory.close();
    }

    private Path template() {
        return memory.path().resolve("template");
    }

    @ParameterizedTest
    @EnumSource
    void whicheverCallFailsOnceTheHostIsAllOldOrAllNew(FaultKind kind) throws Exception {
        runAll(kind + " once", kind, 2 * kind.ordinal(), (disk, call) -> disk.failCallAt(call, kind));
    }

    @ParameterizedTest
    @EnumSource
    void fromWhicheverCallOnAllFailTheHostIsAllOldOrAllNew(FaultKind kind) throws Exception {
        runAll(kind + " from then on", kind, 2 * kind.ordinal() + 1, (disk, call) -> disk.failCallsFrom(call, kind));
    }

    private interface Fault {
        void at(CrashFileSystem disk, long call);
    }

    private void runAll(String what, FaultKind kind, int way, Fault fault) throws Exception {
        long calls = run("whole", kind, disk -> {});
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Future<Long>> runs = new ArrayList<>();
            for (long call = 1 + way * STRIDE / WAYS; call <= calls; call += STRIDE) {
                long number = call;
                runs.add(workers.submit(() -> run("run-" + number, kind, disk -> fault.at(disk, number))));
            }
            for (Future<Long> run : runs) {
                run.get();
            }
        } finally {
            workers.shutdownNow();
            assertTrue(workers.awaitTermination(1, TimeUnit.MINUTES));
        }
        System.out.println("faults during a restore of " + calls + " calls, " + what + ": " + ends);
        assertTrue(ends.getOrDefault("undone at once", 0) > 0, () -> "no fault has hit: " + ends);
    }

    /** One restore on a disk of its own; answers how many calls it took. */
    private long run(String name, FaultKind kind, Consumer<CrashFileSystem> fault) throws IOException {
        Path home = memory.path().resolve(name);
        copy(template(), home);
        CrashFileSystem disk = CrashFileSystem.unrecorded(home);
        SmallHost host = new SmallHost(disk.root());
        host.memory = new SmallHost.Memory("second");
        String what = "no fault";
        boolean restored = false;
        boolean undone = false;
        long calls = 0;
        try (SnapshotManager backups = host.configure().open()) {
            RestorePlan plan = backups.plan(RestoreRequest.of(first));
            long before = disk.calls();
            fault.accept(disk);
            try {
                backups.restore(plan);
                restored = true;
            } catch (RestoreFailedException e) {
                undone = e.rolledBack();
                what = e.toString();
            } catch (BackupException e) {
                undone = true; // What is thrown before anything was touched.
                what = e.toString();
            }
            calls = disk.calls() - before;
            disk.heal();
        }
        String ended = "call " + calls + ": " + what;
        if (undone) {
            assertEquals(whenSecond, SmallHost.disk(home), ended);
            assertEquals("second", host.memory.text(), ended);
        }
        if (!undone) {
            disk.failCallAt(1 + calls % MOST_RECOVERY_CALLS, kind);
            recoverOnAFaultyDisk(disk, host);
        }
        Cairn.recoverPending(host.state(), host.onDisk());
        Map<String, String> found = SmallHost.disk(home);
        assertTrue(
                restored ? found.equals(whenFirst) : found.equals(whenSecond) || found.equals(whenFirst),
                () -> ended + " left a mixture: " + found);
        if (restored) {
            assertEquals("first", host.memory.text(), ended);
        }
        host.configure().open().close();
        assertEquals(found.equals(whenFirst) ? "first" : "second", host.memory.text(), ended);
        ends.merge(restored ? "restored" : undone ? "undone at once" : "ended by the next start", 1, Integer::sum);
        assertEquals(0, disk.openHandles(), ended);
        assertEquals(List.of(), remains(home.resolve("data")), ended);
        delete(home);
        return calls;
    }

    /** Ends what is pending, or says by a typed error that it could not. */
    private static void recoverOnAFaultyDisk(CrashFileSystem disk, SmallHost host) {
        try {
            Cairn.recoverPending(host.state(), host.onDisk());
        } catch (BackupException e) {
            // The next start tries again.
        } finally {
            disk.heal();
        }
    }

    private static List<String> remains(Path data) throws IOException {
        try (Stream<Path> names = Files.list(data)) {
            return names.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(".cairn-") && !name.startsWith(".cairn-trash-"))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path).toString()),
                        java.nio.file.LinkOption.NOFOLLOW_LINKS,
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
