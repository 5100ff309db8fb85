package dev.cairn.backup.examples.agtmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.cursor.AheadOfFetchedException;
import dev.cairn.backup.cursor.CursorWatermarks;
import dev.cairn.backup.cursor.InvalidCursorTracker;
import dev.cairn.backup.cursor.RecoveryAction;
import dev.cairn.backup.cursor.RewindOutcome;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.examples.agtmux.daemon.Daemon;
import dev.cairn.backup.examples.agtmux.operate.RestoreProcedure;
import dev.cairn.backup.examples.agtmux.source.Reading;
import dev.cairn.backup.examples.agtmux.source.SourceLog;
import dev.cairn.backup.examples.agtmux.state.Projection;
import dev.cairn.backup.examples.trap.Trap;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.lifecycle.AlertKind;
import dev.cairn.backup.lifecycle.RestartBudget;
import dev.cairn.backup.lifecycle.RestartOutcome;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that implementations of this runbook are known to make: each check fails on the mistake and passes on the host. */
class AgtmuxTrapTest {

    private static final Duration INTERVAL = Duration.ofMinutes(15);

    @TempDir
    Path temp;

    private int folders;

    private VirtualHost host() throws IOException {
        return VirtualHost.in(temp.resolve("host-" + ++folders), settings -> settings, "claude");
    }

    // ---- 1

    /** Takes snapshots now and then. */
    private interface Periodic {

        /** Does what is due now; answers how many snapshots that were. */
        int runIfDue();
    }

    /** Counts by the wall clock: what was taken in the future is never due again until the clock has caught up. */
    private static final class ByTheWallClock implements Periodic {

        private final VirtualTime time;
        private Instant last = Instant.MIN;

        private ByTheWallClock(VirtualTime time) {
            this.time = time;
        }

        @Override
        public int runIfDue() {
            Instant now = time.wall();
            if (!last.equals(Instant.MIN) && Duration.between(last, now).compareTo(INTERVAL) < 0) {
                return 0;
            }
            last = now;
            return 1;
        }
    }

    @Test
    void agtmux01_trap_aClockThatGoesBackwardsDoesNotStallSnapshots() throws Exception {
        VirtualTime wall = new VirtualTime(Instant.parse("2026-03-02T00:00:00Z"));
        try (VirtualHost host = host()) {
            host.host().supervisor().start();
            record Subject(VirtualTime time, Periodic periodic) {}
            Trap.catches(
                    subject -> {
                        assertEquals(1, subject.periodic().runIfDue(), "the first is due at once");
                        subject.time().setBy(Duration.ofHours(-3));
                        int taken = 0;
                        for (int minute = 0; minute < 60; minute++) {
                            subject.time().pass(Duration.ofMinutes(1));
                            taken += subject.periodic().runIfDue();
                        }
                        assertEquals(4, taken, "an hour after the clock was set back by three");
                    },
                    new Subject(wall, new ByTheWallClock(wall)),
                    new Subject(
                            host.time(),
                            () -> host.daemon().manager().runIfDue().size()));
        }
    }

    // ---- 2

    /** Gives a snapshot its id. */
    @FunctionalInterface
    private interface Ids {

        /** The id of a new snapshot. */
        String take() throws IOException;
    }

    /** Numbers in memory: begins with the number behind the highest that it can see. */
    private static final class CounterInMemory implements Ids {

        private final Path folder;
        private int next = 1;

        private CounterInMemory(Path folder) throws IOException {
            this.folder = Files.createDirectories(folder);
            try (Stream<Path> there = Files.list(folder)) {
                next = 1
                        + there.mapToInt(file -> Integer.parseInt(
                                        file.getFileName().toString().substring(5)))
                                .max()
                                .orElse(0);
            }
        }

        @Override
        public String take() throws IOException {
            String id = "snap-" + next++;
            Path file = folder.resolve(id);
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            return id;
        }
    }

    /** Opens what gives ids as another process would, and prunes what it has taken. */
    private interface Installation {

        Ids open() throws IOException;

        void pruneAll() throws IOException;
    }

    @Test
    void agtmux02_trap_idsAreNotUsedAgainByTwoProcessesNorAfterAPruneAndARestart() throws Exception {
        Path counted = temp.resolve("counted");
        Installation naive = new Installation() {
            @Override
            public Ids open() throws IOException {
                return new CounterInMemory(counted);
            }

            @Override
            public void pruneAll() throws IOException {
                try (Stream<Path> there = Files.list(counted)) {
                    for (Path file : there.toList()) {
                        Files.delete(file);
                    }
                }
            }
        };
        Path home = temp.resolve("home");
        Path database = temp.resolve("one.db");
        makeTables(database);
        List<SnapshotManager> open = new ArrayList<>();
        Installation ours = new Installation() {
            @Override
            public Ids open() {
                SnapshotManager manager = Cairn.builder()
                        .home(FileHome.at(home))
                        .dataset(SqliteTablesDataset.of("state", database, "session_state_v2"))
                        .open();
                open.add(manager);
                return () -> manager.create().id().value();
            }

            @Override
            public void pruneAll() {
                SnapshotManager manager = open.get(0);
                List<SnapshotMetadata> all = manager.list();
                all.subList(0, all.size() - 1).forEach(one -> manager.delete(one.id()));
            }
        };
        Trap.catches(
                installation -> {
                    Set<String> used = new HashSet<>();
                    Ids first = installation.open();
                    Ids second = installation.open(); // Another process on the same repository.
                    for (int i = 0; i < 3; i++) {
                        assertTrue(used.add(first.take()), "used twice by two processes");
                        assertTrue(used.add(second.take()), "used twice by two processes");
                    }
                    installation.pruneAll();
                    assertTrue(used.add(installation.open().take()), "used again after a prune and a restart");
                },
                naive,
                ours);
        open.forEach(SnapshotManager::close);
    }

    private static void makeTables(Path database) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE session_state_v2(session_key TEXT PRIMARY KEY, title TEXT)");
            statement.execute("CREATE TABLE state_snapshot_v2(snapshot_id TEXT PRIMARY KEY)");
        }
    }

    // ---- 5

    @Test
    void agtmux05_trap_aRewindNeverMovesForward() {
        CursorWatermarks at = CursorWatermarks.start().advanceFetched(100).commit(60);
        LongBinaryOperator naive =
                (target, age) -> CursorWatermarks.at(target).committed(); // Both are set to the target.
        LongBinaryOperator ours = (target, age) -> {
            try {
                RewindOutcome outcome = at.safeRewind(target, Duration.ofSeconds(age));
                return ((RewindOutcome.Rewound) outcome).watermarks().committed();
            } catch (AheadOfFetchedException refused) {
                return at.committed();
            }
        };
        Trap.catches(
                rewind -> {
                    for (long target : new long[] {101, 150, 1_000_000, 100, 80, 60, 10}) {
                        assertTrue(
                                rewind.applyAsLong(target, 1) <= at.committed(),
                                () -> "a rewind to " + target + " declares applied what never was");
                    }
                },
                naive,
                ours);
    }

    // ---- 6

    /** What a reader does about an invalid cursor. */
    @FunctionalInterface
    private interface Retry {

        SourceCursor retry(SourceCursor cursor);
    }

    /** Reads a backlog of three pages from a source that loses what it had not forced after the first two were fetched; answers how often it had to resynchronize. */
    private int resyncs(Retry retry) throws IOException {
        SourceLog source = SourceLog.at("claude", temp.resolve("log-" + ++folders), Instant::now);
        source.emit(300);
        SourceCursor cursor = SourceCursor.start(source.hello().incarnation())
                .advanceFetched(100)
                .commit(50)
                .advanceFetched(200);
        source.lose(200); // It has 100 now: less than was fetched, more than was applied.
        InvalidCursorTracker streak = InvalidCursorTracker.start();
        int resyncs = 0;
        Instant now = Instant.parse("2026-03-02T00:00:00Z");
        for (int turn = 0; turn < 5; turn++) {
            if (source.read(cursor.fetched(), 100) instanceof Reading.Page page) {
                streak.valid();
                cursor = cursor.advanceFetched(cursor.fetched() + page.events().size());
            } else if (streak.invalid(now.plusSeconds(turn)) instanceof RecoveryAction.FullResync) {
                resyncs++;
            } else {
                cursor = retry.retry(cursor);
            }
        }
        return resyncs;
    }

    @Test
    void agtmux06_trap_theRetryRewindsFetchedSoThatABacklogIsNotCountedInvalidAgain() {
        Trap.<Retry>catches(
                retry -> assertEquals(0, resyncs(retry), "one loss is one invalid cursor"),
                cursor -> cursor, // From committed in words; fetched is left where it is.
                SourceCursor::retryFromCommitted);
    }

    // ---- 8

    /** Decides what becomes of a service that fails. */
    private interface Budget {

        boolean heldDownAfterFailure(Instant at);

        void succeeded(Instant at);
    }

    @Test
    void agtmux08_trap_oneSuccessDoesNotClearTheHistoryOfAFlappingService() {
        Budget naive = new Budget() {
            private final List<Instant> failures = new ArrayList<>();

            @Override
            public boolean heldDownAfterFailure(Instant at) {
                failures.add(at);
                failures.removeIf(failure -> failure.isBefore(at.minus(Duration.ofMinutes(10))));
                return failures.size() >= 5;
            }

            @Override
            public void succeeded(Instant at) {
                failures.clear();
            }
        };
        Budget ours = new Budget() {
            private RestartBudget budget = RestartBudget.start();

            @Override
            public boolean heldDownAfterFailure(Instant at) {
                RestartBudget.Decision decision = budget.failed(at, new Random(1));
                budget = decision.budget();
                return decision.outcome() instanceof RestartOutcome.HoldDown;
            }

            @Override
            public void succeeded(Instant at) {
                budget = budget.succeeded(at);
            }
        };
        Trap.catches(
                budget -> {
                    Instant at = Instant.parse("2026-03-02T00:00:00Z");
                    for (int i = 0; i < 4; i++) {
                        assertFalse(budget.heldDownAfterFailure(at));
                        budget.succeeded(at.plusSeconds(5));
                        at = at.plusSeconds(60);
                    }
                    assertTrue(budget.heldDownAfterFailure(at), "five failures within ten minutes");
                },
                naive,
                ours);
    }

    // ---- 11

    @Test
    void agtmux11_trap_theCatalogueOfSnapshotsDoesNotGoBack() {
        record Subject(String name, String... restored) {}
        Trap.catches(
                subject -> {
                    List<String> known = catalogueAfterARestore(subject.name(), subject.restored());
                    assertEquals(2, known.size(), () -> "the later snapshot is forgotten: " + known);
                },
                new Subject("all-six", "session_state_v2", "state_snapshot_v2"),
                new Subject("ours", "session_state_v2"));
        assertFalse(List.of(Projection.RESTORED).contains("state_snapshot_v2"));
    }

    /** A host with a catalogue in its database takes two snapshots and restores the first. */
    private List<String> catalogueAfterARestore(String name, String... restored) throws Exception {
        Path database = temp.resolve(name + ".db");
        makeTables(database);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                SnapshotManager manager = Cairn.builder()
                        .home(FileHome.at(temp.resolve(name)))
                        .dataset(SqliteTablesDataset.of("state", database, restored))
                        .open()) {
            List<SnapshotId> taken = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                statement.execute("INSERT INTO session_state_v2 VALUES('s" + i + "', 'title')");
                taken.add(manager.create().id());
                statement.execute("INSERT INTO state_snapshot_v2 VALUES('" + taken.get(i) + "')");
            }
            manager.restore(manager.plan(RestoreRequest.of(taken.get(0))));
            List<String> known = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT snapshot_id FROM state_snapshot_v2")) {
                while (rows.next()) {
                    known.add(rows.getString(1));
                }
            }
            return known;
        }
    }

    // ---- 13

    /** How an operator restores the newest snapshot that there is. */
    @FunctionalInterface
    private interface Restoring {

        RestoreReport restoreTheLatest(VirtualHost host);
    }

    @Test
    void agtmux13_trap_latestIsNeverTheSnapshotThatTheStopHasJustTaken() {
        Trap.<Restoring>catches(
                restoring -> {
                    try (VirtualHost host = host().start()) {
                        host.source(0).emit(100);
                        host.host().turn();
                        SnapshotMetadata wanted = host.daemon().manager().create();
                        host.source(0).emit(50); // What the operator wants to be rid of.
                        host.host().turn();
                        RestoreReport report = restoring.restoreTheLatest(host);
                        assertEquals(wanted.id(), report.snapshot().id());
                    }
                },
                host -> {
                    host.host().supervisor().stop();
                    try (Daemon maintenance = host.host().openForMaintenance()) {
                        List<SnapshotMetadata> all = maintenance.manager().list();
                        SnapshotId latest = all.get(all.size() - 1).id();
                        return maintenance
                                .manager()
                                .restore(maintenance.manager().plan(RestoreRequest.of(latest)));
                    }
                },
                host -> {
                    List<SnapshotMetadata> all = host.daemon().manager().list();
                    return new RestoreProcedure(host.host())
                            .restore(all.get(all.size() - 1).id().value(), "ada", Optional.empty())
                            .report();
                });
    }

    /** How the daemon is stopped for the restore of a snapshot. */
    @FunctionalInterface
    private interface Stopping {

        void stopFor(VirtualHost host, SnapshotId target);
    }

    @Test
    void agtmux13_trap_theTargetIsPinnedBeforeTheStopTakesASnapshot() {
        Trap.<Stopping>catches(
                stopping -> {
                    try (VirtualHost host = host().start()) {
                        SnapshotId target = host.daemon().manager().create().id();
                        host.daemon().manager().create();
                        host.daemon().manager().create();
                        stopping.stopFor(host, target);
                        try (Daemon maintenance = host.host().openForMaintenance()) {
                            maintenance.manager().prune(); // As a schedule or another operator may at any time.
                            List<SnapshotId> left = maintenance.manager().list().stream()
                                    .map(SnapshotMetadata::id)
                                    .toList();
                            assertTrue(left.contains(target), () -> target + " is gone, there are " + left);
                        }
                    }
                },
                (host, target) -> host.host().supervisor().stop(),
                (host, target) -> new RestoreProcedure(host.host()).stopFor(target, "ada"));
    }

    // ---- 15

    /** When a host tells its sources that it has taken their events. */
    @FunctionalInterface
    private interface Acknowledging {

        void afterCommit(VirtualHost host) throws IOException;
    }

    @Test
    void agtmux15_trap_aCommitDoesNotCompactWhatARestoreWouldReplay() {
        Trap.<Acknowledging>catches(
                acknowledging -> {
                    try (VirtualHost host = host().start()) {
                        host.source(0).emit(200);
                        host.host().turn();
                        acknowledging.afterCommit(host);
                        SnapshotMetadata snapshot = host.daemon().manager().create();
                        host.source(0).emit(300);
                        host.host().turn();
                        acknowledging.afterCommit(host);
                        new RestoreProcedure(host.host()).restore(snapshot.id().value(), "ada", Optional.empty());
                        Reading next = host.source(0).read(200, 1);
                        if (!(next instanceof Reading.Page page)
                                || page.events().isEmpty()) {
                            fail("the source has compacted what has to be replayed: " + next);
                        }
                        host.host().turn();
                        assertTrue(host.isTrue());
                        assertFalse(host.host().alerts().log().stream()
                                .anyMatch(event -> AlertKind.of(event).equals(Optional.of(AlertKind.CURSOR_RESYNCED))));
                    }
                },
                host -> host.source(0)
                        .acknowledge(host.daemon()
                                .projection()
                                .cursors()
                                .get("claude")
                                .committed()),
                host -> host.daemon().acknowledge());
    }
}
