package dev.cairn.backup.examples.agtmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.cursor.LiveCursor;
import dev.cairn.backup.cursor.MonitorVerdict;
import dev.cairn.backup.cursor.ReadTerm;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.examples.agtmux.daemon.Daemon;
import dev.cairn.backup.examples.agtmux.operate.Candidates;
import dev.cairn.backup.examples.agtmux.operate.RestoreProcedure;
import dev.cairn.backup.examples.agtmux.operate.Supervisor;
import dev.cairn.backup.lifecycle.AlertKind;
import dev.cairn.backup.lifecycle.DependencyGate;
import dev.cairn.backup.lifecycle.SourceSignal;
import dev.cairn.backup.lifecycle.SourceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host on real files in virtual time: what takes minutes and days. */
class AgtmuxVirtualTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private VirtualHost open(String... sources) throws IOException {
        return VirtualHost.in(temp, settings -> settings, sources).start();
    }

    private static SnapshotMetadata snapshot(VirtualHost host, int events) throws IOException {
        host.source(0).emit(events);
        host.host().turn();
        return host.daemon().manager().create();
    }

    private static List<SnapshotMetadata> list(VirtualHost host) {
        return host.daemon().manager().list();
    }

    private static List<AlertKind> kinds(VirtualHost host) {
        return host.host().alerts().log().stream()
                .flatMap(event -> AlertKind.of(event).stream())
                .toList();
    }

    private static RestoreProcedure.Done restore(VirtualHost host, SnapshotId id, String reason) {
        return new RestoreProcedure(host.host())
                .restore(id.value(), "ada", Optional.of(reason).filter(text -> !text.isEmpty()));
    }

    @Test
    void agtmux01_theFirstIsDueAtOnceThenAfterTheIntervalAndEveryTriggerResetsIt() throws Exception {
        try (VirtualHost host = open("claude")) {
            assertEquals(SnapshotTrigger.PERIODIC, list(host).get(0).trigger());
            Duration almost = Duration.ofMinutes(15).minusSeconds(1);
            host.pass(almost, almost);
            assertEquals(1, list(host).size(), "not before the interval is over");
            host.pass(Duration.ofSeconds(1), Duration.ofSeconds(1));
            assertEquals(2, list(host).size(), "at it");
            host.pass(Duration.ofMinutes(14), MINUTE);
            snapshot(host, 10);
            host.pass(almost, almost);
            assertEquals(3, list(host).size(), "the manual one has reset the timer");
            host.pass(Duration.ofSeconds(1), Duration.ofSeconds(1));
            assertEquals(3, list(host).size(), "one more, and retention keeps three");
            assertEquals(SnapshotTrigger.PERIODIC, list(host).get(2).trigger());
            assertEquals(SnapshotTrigger.MANUAL, list(host).get(1).trigger());
        }
    }

    @Test
    void agtmux02_createNeverPrunesPruneKeepsTheNewestThreeAndScheduledRunsPruneAfterwards() throws Exception {
        try (VirtualHost host = open("claude")) {
            for (int i = 0; i < 4; i++) {
                snapshot(host, 50);
            }
            List<SnapshotMetadata> five = list(host);
            assertEquals(5, five.size(), "taking one prunes nothing");
            assertEquals("snap-1", five.get(0).id().value());
            for (int i = 1; i < 5; i++) {
                assertTrue(five.get(i - 1).sequence() < five.get(i).sequence(), "oldest first: " + five);
            }
            assertEquals(2, host.daemon().manager().prune());
            assertEquals(five.subList(2, 5), list(host), "the third, fourth and fifth are left");
            host.pass(Duration.ofMinutes(15), Duration.ofMinutes(5));
            assertEquals(3, list(host).size(), "the periodic one was committed, then the oldest was pruned");
            assertEquals(SnapshotTrigger.PERIODIC, list(host).get(2).trigger());
            assertEquals(
                    list(host).stream().map(one -> one.id().value()).toList(),
                    host.daemon().projection().catalogue().ids());
        }
    }

    @Test
    void agtmux02_idsAreNotUsedAgainAfterPruneAndRestart() throws Exception {
        try (VirtualHost host = open("claude")) {
            Set<String> used = new HashSet<>();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 4; i++) {
                    String id = snapshot(host, 10).id().value();
                    assertTrue(id.matches("snap-[0-9]+"), id);
                    assertTrue(used.add(id), id + " was used before");
                }
                host.daemon().manager().prune();
                host.restart();
            }
        }
    }

    @Test
    void agtmux03_theVerdictIsComputedAgainWhenTheRestoreIsCarriedOut() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata target = snapshot(host, 100);
            host.pass(Duration.ofMinutes(9), MINUTE);
            RestorePlan plan = host.daemon().manager().plan(RestoreRequest.of(target.id()));
            assertInstanceOf(RestoreVerdict.Ok.class, plan.verdict());
            host.time().pass(Duration.ofMinutes(2));
            RestoreRefusedException refused = assertThrows(
                    RestoreRefusedException.class, () -> host.daemon().manager().restore(plan));
            assertEquals(
                    Optional.of(new RestoreVerdict.TooOld(Duration.ofMinutes(11), Duration.ofMinutes(10))),
                    refused.verdict());
        }
    }

    @Test
    void agtmux03_tooOldIsRestoredOnlyWithANamedOperatorsReasonWhichIsAudited() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata target = snapshot(host, 100);
            host.source(0).emit(60);
            host.pass(Duration.ofMinutes(11), MINUTE);
            assertThrows(RestoreRefusedException.class, () -> restore(host, target.id(), ""));
            assertEquals(Supervisor.State.RUNNING, host.host().supervisor().state(), "nothing was stopped");
            assertEquals(160, host.daemon().projection().version());
            RestoreProcedure.Done done = restore(host, target.id(), "the schedule was down");
            assertEquals("ada", done.report().approval().orElseThrow().operator());
            assertEquals(100, done.versionAtCut());
            String trail = trail();
            assertTrue(trail.contains("the schedule was down"), trail);
            assertTrue(trail.contains("operator:ada"), trail);
            assertTrue(host.daemon().audit().verify().intact());
            host.host().turn();
            assertTrue(host.isTrue());
        }
    }

    private String trail() throws IOException {
        StringBuilder lines = new StringBuilder();
        try (Stream<Path> files = Files.list(temp.resolve("data").resolve("audit"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.append(Files.readString(file));
            }
        }
        return lines.toString();
    }

    @Test
    void agtmux05_aRewindTooFarDiscardsTheSourcesRowsAndReadsItFromZero() throws Exception {
        try (VirtualHost host = open("claude", "codex")) {
            host.source(0).emit(10_500);
            host.source(1).emit(300);
            host.host().turn();
            assertTrue(host.isTrue());
            long panesBefore = host.daemon().projection().panes();
            host.host().gateway().rewind("claude", 0);
            assertEquals(0, host.daemon().projection().cursors().get("claude").committed(), "from zero");
            assertEquals(0, host.daemon().projection().view("claude").panes().size(), "its rows are discarded");
            assertTrue(host.daemon().projection().view("codex").panes().size() > 0, "those of the other stay");
            host.host().turn();
            assertTrue(host.isTrue());
            assertEquals(panesBefore, host.daemon().projection().panes());
            assertEquals(List.of(AlertKind.CURSOR_RESYNCED), kinds(host));
            host.host().gateway().rewind("claude", 10_400);
            host.host().turn();
            assertTrue(host.isTrue(), "a rewind within the limits reads again what the dedup window knows");
            assertEquals(List.of(AlertKind.CURSOR_RESYNCED, AlertKind.CURSOR_REWOUND), kinds(host));
            host.pass(
                    Duration.ofMinutes(10).plusSeconds(1),
                    Duration.ofMinutes(10).plusSeconds(1));
            host.host().gateway().rewind("codex", 299);
            assertEquals(AlertKind.CURSOR_RESYNCED_AGAIN, kinds(host).get(2), "older than ten minutes");
            host.host().turn();
            assertTrue(host.isTrue());
        }
    }

    @Test
    void agtmux06_aSingleInvalidCursorInTheMiddleOfABacklogIsRetriedAndThreeInARowAreResynchronized() throws Exception {
        try (VirtualHost host = open("claude")) {
            host.source(0).emit(1_000);
            host.host().gateway().fetch();
            host.host().gateway().fetch();
            assertEquals(200, host.host().gateway().inFlight(), "two pages are fetched, none is applied");
            host.source(0).invalidate(1);
            host.host().gateway().fetch();
            assertEquals(
                    0, host.daemon().projection().cursors().get("claude").fetched(), "the retry takes fetched back");
            host.host().turn();
            assertTrue(host.isTrue());
            assertEquals(List.of(AlertKind.CURSOR_REWOUND), kinds(host));

            host.source(0).invalidate(3);
            host.source(0).emit(1);
            host.host().turn();
            assertTrue(host.isTrue());
            assertEquals(
                    List.of(AlertKind.CURSOR_REWOUND, AlertKind.CURSOR_REWOUND, AlertKind.CURSOR_REWOUND),
                    kinds(host).subList(0, 3));
            assertEquals(AlertKind.CURSOR_RESYNCED, kinds(host).get(3));
            assertEquals(4, kinds(host).size());

            for (int i = 0; i < 4; i++) { // A valid event in between clears the streak.
                host.source(0).invalidate(1);
                host.source(0).emit(1);
                host.host().turn();
            }
            assertFalse(kinds(host).contains(AlertKind.CURSOR_RESYNCED_AGAIN), kinds(host)::toString);
            assertTrue(host.isTrue());
        }
    }

    @Test
    void agtmux06_aCursorSlightlyAheadOfItsSourceIsRewoundToCommitted() throws Exception {
        try (VirtualHost host = open("claude")) {
            host.source(0).emit(300);
            host.host().gateway().fetch();
            host.host().gateway().fetch();
            host.daemon().applyOnce(); // 100 are applied, 100 in flight.
            host.source(0).silence(true);
            host.host().gateway().fetch();
            host.source(0).lose(150); // Its process died, and with it what it had not forced.
            host.source(0).silence(false);
            host.host().turn();
            assertTrue(kinds(host).contains(AlertKind.CURSOR_REWOUND), kinds(host)::toString);
            assertFalse(kinds(host).contains(AlertKind.CURSOR_RESYNCED), kinds(host)::toString);
            assertEquals(150, host.daemon().projection().version());
            assertTrue(host.isTrue());
        }
    }

    @Test
    void agtmux07_theHostStoresAtFiveHundredEventsOrThirtySeconds() throws Exception {
        try (VirtualHost host = open("claude")) {
            host.source(0).emit(499);
            host.host().turn();
            assertEquals(499, host.daemon().projection().unstored());
            host.source(0).emit(1);
            host.host().turn();
            assertEquals(0, host.daemon().projection().unstored(), "five hundred");
            host.source(0).emit(7);
            host.pass(Duration.ofSeconds(29), Duration.ofSeconds(29));
            assertEquals(7, host.daemon().projection().unstored());
            host.pass(Duration.ofSeconds(1), Duration.ofSeconds(1));
            assertEquals(0, host.daemon().projection().unstored(), "thirty seconds");
        }
    }

    @Test
    void whatAFailureLeftHalfAppliedIsNeverStored() throws Exception {
        try (VirtualHost host = open("claude")) {
            snapshot(host, 100);
            host.daemon().projection().checkpoint();
            sql(
                    host,
                    "CREATE TRIGGER bad BEFORE INSERT ON pane_state_v2 WHEN NEW.state = 'busy'"
                            + " BEGIN SELECT RAISE(ABORT, 'the disk is bad'); END");
            host.source(0).emit(50);
            assertThrows(IllegalStateException.class, () -> host.host().turn());
            assertThrows(
                    IllegalStateException.class,
                    () -> host.daemon().projection().checkpoint());
            host.host().supervisor().stop();
            assertEquals(Optional.empty(), host.host().lastShutdownSnapshot(), "nor is it in a snapshot");
            sql(host, "DROP TRIGGER bad");
            host.host().supervisor().start();
            assertEquals(100, host.daemon().projection().version());
            host.host().turn();
            assertEquals(150, host.daemon().projection().version());
            assertTrue(host.isTrue());
        }
    }

    private static void sql(VirtualHost host, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + host.host().settings().database());
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Test
    void agtmux08_aHostThatCannotStartIsHeldDownAndRepeatedHoldDownsAreToldAsSuch() throws Exception {
        try (VirtualHost host = VirtualHost.in(temp, settings -> settings, "claude")) {
            host.source(0).silence(true);
            Supervisor supervisor = host.host().supervisor();
            double expected = 1;
            assertEquals(Supervisor.State.WAITING, supervisor.start());
            for (int failure = 2; failure <= 5; failure++) {
                double wait = supervisor.untilNextStart().toNanos() / 1e9;
                assertTrue(wait >= 0.8 * expected && wait <= 1.2 * expected, wait + " s for " + expected);
                host.time().pass(supervisor.untilNextStart());
                supervisor.look();
                expected *= 2;
            }
            assertEquals(Supervisor.State.HELD_DOWN, supervisor.state());
            assertEquals(Duration.ofMinutes(5), supervisor.holdDownLeft());
            assertEquals(List.of(AlertKind.HOLD_DOWN), kinds(host));
            assertEquals(1, host.host().alerts().pager().size(), "somebody is called");

            host.time().pass(MINUTE);
            assertEquals(Supervisor.State.HELD_DOWN, supervisor.start());
            AgtmuxHost again = new AgtmuxHost(host.host().settings(), List.of(host.source(0)));
            assertEquals(Supervisor.State.HELD_DOWN, again.supervisor().start(), "another process knows it");
            assertEquals(Duration.ofMinutes(4), again.supervisor().holdDownLeft());
            again.close();

            host.time().pass(Duration.ofMinutes(4));
            for (int failure = 1; failure <= 5; failure++) {
                supervisor.look();
                host.time().pass(supervisor.untilNextStart());
            }
            assertEquals(List.of(AlertKind.HOLD_DOWN, AlertKind.HOLD_DOWN_AGAIN), kinds(host));
            host.source(0).silence(false);
            assertEquals(Supervisor.State.RUNNING, supervisor.look(), "the hold-down is over, the source is back");
            assertEquals(DependencyGate.STANDARD_ORDER, supervisor.started());
        }
    }

    @Test
    void agtmux08_aStartThatFailsAfterARestoreCountsAsOneFailure() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata target = snapshot(host, 100);
            host.source(0).silence(true);
            assertEquals(List.of(), restore(host, target.id(), "").started());
            Supervisor supervisor = host.host().supervisor();
            assertEquals(Supervisor.State.WAITING, supervisor.state());
            assertThrows(BackupBusyException.class, host.host()::gateway, "an operator is told to wait");
            double wait = supervisor.untilNextStart().toNanos() / 1e9;
            assertTrue(wait > 0 && wait <= 1.2, "the wait after a first failure, not after a second: " + wait);
            host.source(0).silence(false);
            host.time().pass(supervisor.untilNextStart());
            assertEquals(Supervisor.State.RUNNING, supervisor.look());
            assertEquals(100, host.daemon().projection().version());
        }
    }

    @Test
    void agtmux11_theTablesAreReplacedInOneTransactionAndWhatWasInFlightIsGone() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata target = snapshot(host, 500);
            host.source(0).emit(505);
            host.host().turn();
            host.source(0).emit(300);
            host.host().gateway().fetch();
            assertEquals(100, host.host().gateway().inFlight());
            host.daemon().hold(true); // A clean stop would apply it.
            host.host().supervisor().stop();
            try (Daemon maintenance = host.host().openForMaintenance();
                    TableReader reader = TableReader.of(host.host().settings().database())) {
                LiveCursor overtaken = maintenance.projection().cursor("claude", "");
                ReadTerm before = overtaken.term();
                maintenance.manager().restore(maintenance.manager().plan(RestoreRequest.of(target.id())));
                List<String> states = List.copyOf(reader.states());
                assertEquals(2, states.size(), () -> "neither all old nor all new: " + states);
                assertTrue(states.get(0).endsWith(" 1005 committed"), states::toString);
                assertTrue(states.get(1).endsWith(" 500 committed"), states::toString);
                assertThrows(
                        StaleEpochException.class,
                        () -> maintenance.projection().apply(overtaken, before, List.of(), 600),
                        "what was fetched before the restore is refused after it");
                assertEquals(500, maintenance.projection().version());
            }
            host.host().supervisor().start();
            assertEquals(0, host.host().gateway().inFlight());
            assertEquals(500, host.daemon().projection().version(), "before the replay");
            host.host().turn();
            assertEquals(1_305, host.daemon().projection().version(), "after it");
            assertTrue(host.isTrue());
        }
    }

    @Test
    void agtmux11_catalogueIdsAndAuditDoNotGoBack() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata target = snapshot(host, 100);
            SnapshotMetadata later = snapshot(host, 100);
            long lines = host.daemon().audit().head().sequence();
            RestoreProcedure.Done done = restore(host, target.id(), "");
            List<String> catalogue = host.daemon().projection().catalogue().ids();
            assertTrue(catalogue.contains(later.id().value()), catalogue::toString);
            assertTrue(catalogue.contains(done.shutdownSnapshot().orElseThrow().value()), catalogue::toString);
            assertEquals(list(host).stream().map(one -> one.id().value()).toList(), catalogue);
            SnapshotMetadata next = host.daemon().manager().create();
            assertTrue(next.sequence()
                    > host.daemon()
                            .manager()
                            .get(done.report().safetySnapshot().orElseThrow())
                            .sequence());
            assertTrue(host.daemon().audit().head().sequence() > lines);
            assertTrue(host.daemon().audit().verify().intact());
        }
    }

    @Test
    void agtmux12_anIdleHealthySourcePassesAfterAMinute() throws Exception {
        try (VirtualHost host = open("claude", "codex")) {
            host.source(1).emit(50);
            SnapshotMetadata target = snapshot(host, 100);
            restore(host, target.id(), "");
            Instant restored = host.time().wall();
            host.host().turn();
            host.daemon()
                    .projection()
                    .cursors()
                    .forEach((source, cursor) -> assertEquals(cursor.fetched(), cursor.committed(), source));
            host.pass(Duration.ofSeconds(59), Duration.ofSeconds(59));
            assertInstanceOf(
                    MonitorVerdict.Watching.class, host.host().watch().verdict().orElseThrow());
            host.pass(Duration.ofSeconds(1), Duration.ofSeconds(1));
            assertEquals(
                    new MonitorVerdict.Passed(restored.plusSeconds(60), List.of("claude", "codex")),
                    host.host().watch().verdict().orElseThrow());
        }
    }

    @Test
    void agtmux12_anInvalidCursorWithinTheMinuteKeepsTheRestoreFromPassing() throws Exception {
        try (VirtualHost host = open("claude")) {
            restore(host, snapshot(host, 100).id(), "");
            Instant restored = host.time().wall();
            host.pass(Duration.ofSeconds(30), Duration.ofSeconds(30));
            host.source(0).invalidate(1);
            host.host().turn();
            host.pass(Duration.ofSeconds(40), Duration.ofSeconds(40));
            MonitorVerdict.Watching watching = assertInstanceOf(
                    MonitorVerdict.Watching.class, host.host().watch().verdict().orElseThrow());
            assertEquals(restored.plus(Duration.ofMinutes(15)), watching.until());
            host.pass(Duration.ofMinutes(15), MINUTE);
            assertInstanceOf(
                    MonitorVerdict.Passed.class, host.host().watch().verdict().orElseThrow());
        }
    }

    @Test
    void agtmux12_aFullResyncIsWatchedForFiveMinutesAndASecondOneForFifteen() throws Exception {
        try (VirtualHost host = open("claude", "codex")) {
            host.source(1).emit(50);
            restore(host, snapshot(host, 100).id(), "");
            Instant restored = host.time().wall();
            host.host().turn();
            host.pass(Duration.ofSeconds(10), Duration.ofSeconds(10));
            host.source(0).invalidate(3);
            host.source(0).emit(1);
            host.host().turn();
            MonitorVerdict.Watching watching = assertInstanceOf(
                    MonitorVerdict.Watching.class, host.host().watch().verdict().orElseThrow());
            assertEquals(restored.plusSeconds(10).plus(Duration.ofMinutes(5)), watching.until());
            host.source(1).invalidate(3);
            host.source(1).emit(1);
            host.host().turn();
            watching = assertInstanceOf(
                    MonitorVerdict.Watching.class, host.host().watch().verdict().orElseThrow());
            assertEquals(restored.plus(Duration.ofMinutes(15)), watching.until(), "agtmux10: the watch grows");
            assertTrue(kinds(host).contains(AlertKind.CURSOR_RESYNCED_AGAIN), kinds(host)::toString);
            assertTrue(host.isTrue());
        }
    }

    @Test
    void agtmux12_aSourceThatIsNotActiveFailsTheRestore() throws Exception {
        try (VirtualHost host = open("claude", "codex")) {
            host.source(1).emit(10);
            restore(host, snapshot(host, 100).id(), "");
            host.source(1).silence(true);
            host.pass(Duration.ofMinutes(16), MINUTE);
            MonitorVerdict.Failed failed = assertInstanceOf(
                    MonitorVerdict.Failed.class, host.host().watch().verdict().orElseThrow());
            assertEquals(Set.of("codex"), failed.reasons().keySet());
            assertTrue(failed.reasons().get("codex").contains(MonitorVerdict.Reason.NOT_ACTIVE));
            assertTrue(kinds(host).contains(AlertKind.SOURCE_NOT_ACTIVE));
        }
    }

    @Test
    void agtmux12_aCursorThatNeitherAdvancesNorHasCaughtUpFailsTheRestore() throws Exception {
        try (VirtualHost host = open("claude")) {
            restore(host, snapshot(host, 100).id(), "");
            host.source(0).emit(10);
            host.daemon().hold(true);
            host.pass(Duration.ofMinutes(16), MINUTE);
            MonitorVerdict.Failed failed = assertInstanceOf(
                    MonitorVerdict.Failed.class, host.host().watch().verdict().orElseThrow());
            assertEquals(
                    Set.of(MonitorVerdict.Reason.CURSOR_STUCK), failed.reasons().get("claude"));
        }
    }

    @Test
    void agtmux13_theTargetIsTheOneThatWasChosenAndOutlivesTheShutdownAndSafetySnapshots() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata target = snapshot(host, 100);
            snapshot(host, 100);
            snapshot(host, 100);
            RestoreProcedure.Done done = restore(host, target.id(), "");
            assertEquals(target.id(), done.report().snapshot().id());
            assertEquals(100, done.versionAtCut());
            SnapshotManager manager = host.daemon().manager();
            assertEquals(
                    SnapshotTrigger.SHUTDOWN,
                    manager.get(done.shutdownSnapshot().orElseThrow()).trigger());
            SnapshotMetadata safety = manager.get(done.report().safetySnapshot().orElseThrow());
            assertEquals(Optional.of(target.id()), safety.safetyFor());
            for (int i = 0; i < 4; i++) {
                snapshot(host, 10);
            }
            assertTrue(manager.prune() > 0);
            List<SnapshotId> left =
                    list(host).stream().map(SnapshotMetadata::id).toList();
            assertTrue(left.contains(safety.id()), "the safety one is pinned: " + left);
            assertFalse(left.contains(target.id()), "the target is not any more: " + left);
        }
    }

    @Test
    void agtmux14_aDayAndTwoHoursWithTheDefaultsLeaveAThirdOfTheTimeNothingToRestoreWhichIsWarnedOf() throws Exception {
        try (VirtualHost host = open("claude")) {
            assertTrue(
                    host.daemon().manager().health().warnings().stream()
                            .anyMatch(warning -> warning.contains("PT15M")
                                    && warning.contains("PT10M")
                                    && warning.contains("nothing can be restored without approval")),
                    host.daemon().manager().health().warnings()::toString);
            int hours = 26;
            Duration half = Duration.ofSeconds(150);
            int looked = 0;
            int restorable = 0;
            int taken = 0;
            SnapshotId last = SnapshotId.of("none");
            Set<String> used = new HashSet<>();
            for (int minutes = 0; minutes < hours * 60; minutes += 5) {
                if (minutes % 30 == 0) {
                    host.source(0).emit(18);
                }
                host.pass(half, half);
                SnapshotMetadata newest = host.newest();
                looked++;
                restorable += host.isRestorable() ? 1 : 0;
                if (!newest.id().equals(last)) {
                    taken++;
                    last = newest.id();
                    assertTrue(used.add(last.value()), "agtmux02: " + last + " is used twice");
                }
                host.pass(half, half);
            }
            assertEquals(looked * 2, restorable * 3, "two thirds of the time");
            assertEquals(hours * 4, taken, "one every fifteen minutes");
            assertEquals(3, list(host).size());
            assertTrue(host.isTrue());
            assertTrue(
                    host.source(0).hello().beginning() >= host.source(0).hello().end() - 3 * 18, "compacted");
            assertTrue(host.host().alerts().pager().isEmpty(), "nobody was called");
        }
    }

    @Test
    void agtmux15_whatASnapshotWithinTheHorizonWouldReplayIsNotAcknowledged() throws Exception {
        try (VirtualHost host = open("claude")) {
            host.source(0).emit(1_000);
            host.pass(MINUTE, MINUTE);
            assertEquals(1_000, host.daemon().projection().version());
            assertEquals(0, host.source(0).hello().beginning(), "committed, but in no durable snapshot");
            SnapshotMetadata first = host.daemon().manager().create();
            host.host().turn();
            assertEquals(0, host.source(0).hello().beginning(), "the snapshot of the start would replay it all");
            host.pass(Duration.ofMinutes(20), MINUTE);
            host.source(0).emit(500);
            host.pass(Duration.ofMinutes(12), MINUTE);
            host.daemon().acknowledge();
            assertEquals(1_000, host.source(0).hello().beginning(), "up to the oldest within the horizon");
            restore(host, first.id(), "a look back");
            host.host().turn();
            assertTrue(host.isTrue());
            assertFalse(kinds(host).contains(AlertKind.CURSOR_RESYNCED), "what it needs was still there");
        }
    }

    @Test
    void agtmux15_aSnapshotOlderThanTheHorizonHoldsNothingBackAndIsRestoredByAFullResync() throws Exception {
        try (VirtualHost host = open("claude")) {
            SnapshotMetadata old = snapshot(host, 300);
            host.daemon().manager().pin(old.id(), "to look at later");
            host.source(0).emit(700);
            host.pass(Duration.ofHours(2), Duration.ofMinutes(5));
            assertEquals(
                    List.of(old.id()),
                    host.daemon().manager().releaseFloor(host.host().settings().horizon()).fullResyncOnly().stream()
                            .filter(id -> id.equals(old.id()))
                            .toList());
            assertEquals(1_000, host.source(0).hello().beginning());
            restore(host, old.id(), "nothing else is left");
            assertEquals(300, host.daemon().projection().version(), "the old state, before anything is read");
            host.host().turn();
            assertTrue(kinds(host).contains(AlertKind.CURSOR_RESYNCED));
            assertTrue(host.isTrue());
        }
    }

    @Test
    void agtmux17_afterATooOldOneTheNextIsTriedAndWhenAllAreTheScheduleIsNamed() throws Exception {
        try (VirtualHost host = open("claude")) {
            snapshot(host, 10);
            SnapshotMetadata ahead = list(host).get(list(host).size() - 1);
            host.time().setBy(Duration.ofMinutes(-20)); // What was taken before is of the future now.
            SnapshotMetadata newest = host.daemon().manager().create();
            host.time().pass(Duration.ofMinutes(11));
            Candidates second = Candidates.of(
                    host.daemon().manager(), host.time().wall(), host.host().alerts());
            assertEquals(
                    List.of(newest.id(), ahead.id()),
                    second.judged().stream().map(Candidates.Judged::snapshot).toList());
            assertInstanceOf(RestoreVerdict.TooOld.class, second.judged().get(0).verdict());
            assertEquals(Optional.of(ahead.id()), second.chosen());
            assertEquals(List.of(), kinds(host));
            host.time().pass(Duration.ofMinutes(30));
            Candidates none = Candidates.of(
                    host.daemon().manager(), host.time().wall(), host.host().alerts());
            assertEquals(Optional.empty(), none.chosen());
            assertEquals(List.of(AlertKind.ALL_SNAPSHOTS_TOO_OLD), kinds(host));
            assertTrue(host.host().alerts().monitor().stream()
                    .anyMatch(event -> event.describe().contains("scheduling")));
        }
    }

    @Test
    void agtmux18_staleBecomesPendingByHelloAndActiveByDeliveringAndRevokedStaysOut() throws Exception {
        try (VirtualHost host = open("claude")) {
            snapshot(host, 100);
            assertEquals(SourceState.ACTIVE, state(host));
            host.source(0).silence(true);
            host.host().turn();
            assertEquals(SourceState.STALE, state(host));
            assertTrue(kinds(host).contains(AlertKind.SOURCE_NOT_ACTIVE));
            host.source(0).silence(false);
            host.host().gateway().fetch();
            assertEquals(SourceState.ACTIVE, state(host), "hello, then an answer");
            host.daemon().projection().signal("claude", SourceSignal.REVOKED);
            host.source(0).emit(20);
            host.pass(MINUTE, MINUTE);
            assertEquals(SourceState.REVOKED, state(host));
            assertEquals(100, host.daemon().projection().version(), "what is revoked is not read");
        }
    }

    private static SourceState state(VirtualHost host) {
        return host.daemon().projection().health("claude").state();
    }

    @Test
    void aSourceThatLostWhatWasAppliedIsHaltedUntilItIsAnotherIncarnation() throws Exception {
        try (VirtualHost host = open("claude")) {
            host.source(0).emit(400);
            host.host().turn();
            host.source(0).lose(100);
            host.host().turn();
            assertEquals(List.of("claude"), host.host().gateway().halted());
            assertEquals(1, host.host().alerts().pager().size());
            assertEquals(400, host.daemon().projection().version(), "nothing is thrown away");
            host.source(0).reincarnate();
            host.source(0).emit(30);
            host.host().gateway().revive("claude");
            host.host().turn();
            assertTrue(host.isTrue());
            assertEquals(30, host.daemon().projection().version());
        }
    }
}
