package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that are really killed, at each phase and at random moments: 20 kills in the normal run, 200 with {@code -Dcairn.campaign=kill}. */
class KillTest {

    private static final long SEED = 20261121;
    private static final boolean CAMPAIGN =
            System.getProperty("cairn.campaign", "").equals("kill");

    @TempDir
    Path temp;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> hits = new TreeMap<>();

    @Test
    void killedDuringCreateLeavesEveryAcknowledgedSnapshotWholeAndNoOtherHalf() throws Exception {
        for (String phase : moments(KilledHost.CREATE_PHASES, CAMPAIGN ? 85 : 3)) {
            try (ChildJvm child = new ChildJvm(temp, "create", phase)) {
                awaitMoment(child, phase, line -> line.startsWith("ACK"));
                child.kill();
                count(child);
                assertWhole(child);
            }
        }
        report("create", KilledHost.CREATE_PHASES);
    }

    private void assertWhole(ChildJvm child) throws Exception {
        try (CounterHost host = new CounterHost(temp.resolve("host"), Consistency.IMMUTABLE);
                SnapshotManager backups = manager(host)) {
            List<String> acknowledged = child.said("ACK ");
            List<String> listed = backups.list().stream()
                    .map(snapshot -> snapshot.id().value())
                    .toList();
            // What was acknowledged may have been pruned since, but never the newest.
            if (!acknowledged.isEmpty()) {
                String newest = acknowledged.get(acknowledged.size() - 1);
                assertTrue(listed.contains(newest), () -> newest + " was acknowledged, listed are " + listed);
            }
            for (SnapshotMetadata snapshot : backups.list()) {
                assertEquals(List.of(), backups.verify(snapshot.id()).problems());
            }
        }
    }

    @Test
    void killedDuringRestoreTheHostIsAllOldOrAllNew() throws Exception {
        for (String phase : moments(KilledHost.RESTORE_PHASES, CAMPAIGN ? 89 : 4)) {
            try (ChildJvm child = new ChildJvm(temp, "restore", phase)) {
                awaitMoment(child, phase, line -> line.equals("PHASE intent"));
                child.kill();
                count(child);
                assertAllOldOrAllNew(child);
            }
        }
        report("restore", KilledHost.RESTORE_PHASES);
    }

    @Test
    void killedDuringARollbackTheHostIsAllOldOrAllNew() throws Exception {
        for (String phase : moments(KilledHost.RESTORE_PHASES, CAMPAIGN ? 84 : 2)) {
            try (ChildJvm child = new ChildJvm(temp, "rollback", phase)) {
                awaitMoment(child, phase, line -> line.equals("PHASE intent"));
                child.kill();
                count(child);
                assertAllOldOrAllNew(child);
            }
        }
        report("rollback", KilledHost.RESTORE_PHASES);
    }

    /** Half restored, half taken back, or half ended: the next recovery decides as the first one did. */
    @Test
    void killedDuringTheRecoveryOfAKilledRestoreTheNextOneEndsIt() throws Exception {
        for (String phase : List.of("swap", "take-up", "finish")) {
            for (int round = 0; round < (CAMPAIGN ? 30 : 1); round++) {
                try (ChildJvm restore = new ChildJvm(temp, "restore", phase)) {
                    restore.await(("PHASE " + phase)::equals);
                    restore.kill();
                    String recovery = phase.equals("finish") ? "finish" : "undo";
                    try (ChildJvm recover = new ChildJvm(temp, "recover", recovery)) {
                        recover.await(("PHASE " + recovery)::equals);
                        recover.kill();
                        count(recover);
                    }
                    assertAllOldOrAllNew(restore);
                }
            }
        }
        report("recovery", KilledHost.RECOVERY_PHASES);
    }

    private void assertAllOldOrAllNew(ChildJvm child) throws Exception {
        String[] counters = child.said("OLD ").get(0).split(" NEW ");
        long old = Long.parseLong(counters[0]);
        long fresh = Long.parseLong(counters[1]);
        RecoveryReport report =
                Cairn.recoverPending(state(), CounterHost.onDisk(temp.resolve("host"), Consistency.IMMUTABLE));
        try (CounterHost host = CounterHost.reopened(temp.resolve("host"), Consistency.IMMUTABLE);
                SnapshotManager backups = manager(host)) {
            CounterHost.Counters found = host.counters();
            String what = found + " after " + child.said() + " and " + report;
            assertEquals(found.file(), found.row(), what);
            assertTrue(found.row() == old || found.row() == fresh, what);
            if (child.said().contains("RESTORED")) {
                assertEquals(fresh, found.row(), what);
            }
            boolean undone =
                    !report.nothingPending() && report.restores().get(0).outcome() == RecoveryReport.Outcome.UNDONE;
            // Memory is gone with the process; what the restore had saved of it is handed back.
            assertTrue(found.object() == CounterHost.NOTHING_LOADED || (undone && found.object() == old), what);
            assertTrue(backups.list().size() > 0);
        }
    }

    @Test
    void terminatedTheHostLeavesExactlyOneShutdownSnapshot() throws Exception {
        try (ChildJvm child = new ChildJvm(temp, "serve", "none")) {
            child.await("SERVING"::equals);
            child.terminate();
        }
        try (CounterHost host = CounterHost.reopened(temp.resolve("host"), Consistency.IMMUTABLE);
                SnapshotManager backups = manager(host)) {
            List<SnapshotMetadata> taken = backups.list();
            assertEquals(
                    List.of(SnapshotTrigger.SHUTDOWN),
                    taken.stream().map(SnapshotMetadata::trigger).toList());
            assertTrue(backups.verify(taken.get(0).id()).passed());
        }
    }

    /** Each phase, then as many random moments. */
    private static List<String> moments(List<String> phases, int random) {
        List<String> moments = new ArrayList<>();
        int rounds = CAMPAIGN ? 2 : 1;
        for (int i = 0; i < rounds; i++) {
            moments.addAll(phases);
        }
        while (moments.size() < rounds * phases.size() + random) {
            moments.add("none");
        }
        return moments;
    }

    private void awaitMoment(ChildJvm child, String phase, Predicate<String> begun) throws Exception {
        if (phase.equals("none")) {
            child.await(begun);
            Thread.sleep(random.nextInt(200));
        } else {
            child.await(("PHASE " + phase)::equals);
        }
    }

    private void count(ChildJvm child) {
        List<String> phases = child.said("PHASE ");
        hits.merge(phases.get(phases.size() - 1), 1, Integer::sum);
    }

    private void report(String what, List<String> phases) {
        System.out.println("kills during " + what + " by phase: " + hits + " (seed " + SEED + ")");
        phases.forEach(
                phase -> assertTrue(hits.getOrDefault(phase, 0) > 0, () -> "no kill hit " + phase + ": " + hits));
    }

    private SnapshotManager manager(CounterHost host) {
        return Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                .state(state())
                .datasets(host.datasets())
                .barrier(host::whileQuiet)
                .open();
    }

    private FileBlobStore state() {
        return FileBlobStore.at(temp.resolve("state"));
    }
}
