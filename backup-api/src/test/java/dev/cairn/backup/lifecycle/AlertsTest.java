package dev.cairn.backup.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotTrigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 10, 12 and 17. */
class AlertsTest {

    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final SnapshotId SNAP = SnapshotId.of("snap-7");
    private static final RestoreVerdict.VersionAhead AHEAD = new RestoreVerdict.VersionAhead(9, 5);

    @Test
    void severitiesRise() {
        assertEquals(
                List.of(AlertSeverity.INFO, AlertSeverity.WARN, AlertSeverity.DEGRADED, AlertSeverity.ESCALATE),
                Arrays.stream(AlertSeverity.values()).sorted().toList());
    }

    @Test
    void eachKindIsAsLoudAsTheRunbookHasIt() {
        assertEquals(List.of(AlertKind.RESTORE_STARTED, AlertKind.RESTORE_COMPLETED), kindsOf(AlertSeverity.INFO));
        assertEquals(List.of(AlertKind.CURSOR_REWOUND, AlertKind.CURSOR_RESYNCED), kindsOf(AlertSeverity.WARN));
        assertEquals(
                List.of(AlertKind.CURSOR_RESYNCED_AGAIN, AlertKind.SOURCE_NOT_ACTIVE, AlertKind.ALL_SNAPSHOTS_TOO_OLD),
                kindsOf(AlertSeverity.DEGRADED));
        assertEquals(
                List.of(AlertKind.HOLD_DOWN, AlertKind.HOLD_DOWN_AGAIN, AlertKind.VERSION_AHEAD),
                kindsOf(AlertSeverity.ESCALATE));
    }

    private static List<AlertKind> kindsOf(AlertSeverity severity) {
        return Arrays.stream(AlertKind.values())
                .filter(kind -> kind.severity() == severity)
                .toList();
    }

    @Test
    void theWatchGrowsToFifteenMinutesWhenResyncsRepeatOrASourceIsNotActive() {
        assertEquals(Duration.ofMinutes(5), AlertKind.CURSOR_RESYNCED.watch());
        assertEquals(Duration.ofMinutes(15), AlertKind.CURSOR_RESYNCED_AGAIN.watch());
        assertEquals(Duration.ofMinutes(15), AlertKind.SOURCE_NOT_ACTIVE.watch());
        assertEquals(Duration.ofSeconds(60), AlertKind.RESTORE_COMPLETED.watch());
    }

    @Test
    void exactlyWhatEscalatesPagesAndOnlyAVersionAheadIsAnIncident() {
        for (AlertKind kind : AlertKind.values()) {
            assertEquals(kind.severity() == AlertSeverity.ESCALATE, kind.pages(), kind.name());
            assertEquals(kind == AlertKind.VERSION_AHEAD, kind.isIncident(), kind.name());
        }
    }

    @Test
    void theManagersOwnEventsHaveTheSeverityOfTheirKind() {
        BackupEvent started =
                new BackupEvent.RestoreStarted(AT, SNAP, new RestoreVerdict.Ok(Duration.ZERO), Optional.empty());
        BackupEvent refused = new BackupEvent.RestoreRefused(AT, SNAP, Optional.of(AHEAD), "ahead");
        assertEquals(Optional.of(AlertKind.RESTORE_STARTED), AlertKind.of(started));
        assertEquals(Optional.of(AlertKind.VERSION_AHEAD), AlertKind.of(refused));
        // The report has no part in the kind.
        BackupEvent completed = new BackupEvent.RestoreCompleted(AT, null);
        assertEquals(Optional.of(AlertKind.RESTORE_COMPLETED), AlertKind.of(completed));
        assertEquals(AlertKind.RESTORE_COMPLETED.severity(), completed.severity());
        assertEquals(AlertKind.RESTORE_STARTED.severity(), started.severity());
        assertEquals(AlertKind.VERSION_AHEAD.severity(), refused.severity());
        assertTrue(started.describe().contains("restore in progress"));
        BackupEvent tooOld = new BackupEvent.RestoreRefused(
                AT, SNAP, Optional.of(new RestoreVerdict.TooOld(Duration.ofHours(1), Duration.ZERO)), "old");
        assertEquals(Optional.empty(), AlertKind.of(tooOld));
        assertEquals(
                Optional.empty(),
                AlertKind.of(new BackupEvent.SnapshotStarted(AT, SnapshotTrigger.MANUAL, Optional.empty())));
    }

    @Test
    void theSecondResyncIsLouderThanTheFirst() {
        OperationalAlert first = OperationalAlert.cursorResynced(AT, "tmux", 1, "three invalid cursors");
        OperationalAlert second = OperationalAlert.cursorResynced(AT, "tmux", 2, "three invalid cursors");
        assertEquals(AlertKind.CURSOR_RESYNCED, first.kind());
        assertEquals(AlertKind.CURSOR_RESYNCED_AGAIN, second.kind());
        assertTrue(second.describe().contains("resync number 2: three invalid cursors"), second.describe());
        assertThrows(InvalidValueException.class, () -> OperationalAlert.cursorResynced(AT, "tmux", 0, "x"));
    }

    @Test
    void aRewindIsAWarningThatNamesThePosition() {
        OperationalAlert rewound = OperationalAlert.cursorRewound(AT, "tmux", 4711);
        assertEquals(AlertSeverity.WARN, rewound.severity());
        assertTrue(rewound.describe().contains("'tmux' rewound to 4711"), rewound.describe());
        assertEquals(Optional.of(AlertKind.CURSOR_REWOUND), AlertKind.of(rewound));
    }

    @Test
    void aSourceThatIsNotActiveSaysWhatBringsItBack() {
        SourceHealth stale = new SourceHealth("tmux", SourceState.STALE, AT);
        OperationalAlert alert = OperationalAlert.sourceNotActive(AT, stale);
        assertEquals(AlertSeverity.DEGRADED, alert.severity());
        assertTrue(alert.describe().contains("source.hello"), alert.describe());
        assertThrows(
                InvalidValueException.class,
                () -> OperationalAlert.sourceNotActive(AT, new SourceHealth("tmux", SourceState.ACTIVE, AT)));
    }

    @Test
    void aRepeatedHoldDownIsToldFromTheFirst() {
        RestartBudget budget = failing(RestartBudget.start(), AT);
        OperationalAlert first = OperationalAlert.holdDown(AT, "daemon", budget);
        assertEquals(AlertKind.HOLD_DOWN, first.kind());
        assertTrue(first.describe().contains("PT5M"), first.describe());

        Instant later = AT.plus(Duration.ofMinutes(5));
        RestartBudget again = failing(budget, later);
        OperationalAlert second = OperationalAlert.holdDown(later, "daemon", again);
        assertEquals(AlertKind.HOLD_DOWN_AGAIN, second.kind());
        assertTrue(second.kind().pages());
        assertTrue(second.describe().contains("hold-down number 2"), second.describe());
        assertTrue(second.describe().contains("look for the cause"), second.describe());
    }

    @Test
    void aServiceThatIsNotHeldDownIsNotReportedAsSuch() {
        RestartBudget budget = failing(RestartBudget.start(), AT);
        assertThrows(
                InvalidValueException.class,
                () -> OperationalAlert.holdDown(AT.plus(Duration.ofMinutes(5)), "daemon", budget));
        assertThrows(InvalidValueException.class, () -> OperationalAlert.holdDown(AT, "daemon", RestartBudget.start()));
    }

    private static RestartBudget failing(RestartBudget budget, Instant at) {
        RestartBudget failed = budget;
        for (int count = 0; count < 5; count++) {
            failed = failed.failed(at, RestartPolicyTest.drawing(0.5)).budget();
        }
        return failed;
    }

    @Test
    void whenEverySnapshotIsTooOldTheAlertNamesTheScheduling() {
        OperationalAlert alert = OperationalAlert.allSnapshotsTooOld(
                AT, SNAP, new RestoreVerdict.TooOld(Duration.ofMinutes(14), Duration.ofMinutes(10)));
        assertTrue(alert.describe().contains("scheduling"), alert.describe());
        assertTrue(alert.describe().contains("snap-7, by PT4M"), alert.describe());
    }

    @Test
    void aVersionAheadNamesBothVersionsAndAsksForAnIncident() {
        OperationalAlert alert = OperationalAlert.versionAhead(AT, SNAP, AHEAD);
        assertTrue(alert.kind().isIncident());
        assertTrue(alert.describe().contains("version 9"), alert.describe());
        assertTrue(alert.describe().contains("more than 5"), alert.describe());
        assertTrue(alert.describe().contains("do not restore it"), alert.describe());
    }

    @Property
    void everyTargetHearsWhatIsLoudEnoughInTheOrderGiven(
            @ForAll List<AlertSeverity> thresholds, @ForAll AlertKind kind) {
        List<Integer> heard = new ArrayList<>();
        AlertRouting routing = AlertRouting.nobody();
        List<Integer> expected = new ArrayList<>();
        for (int target = 0; target < thresholds.size(); target++) {
            int number = target;
            routing = routing.atLeast(thresholds.get(target), event -> heard.add(number));
            if (thresholds.get(target).ordinal() <= kind.severity().ordinal()) {
                expected.add(number);
            }
        }
        routing.onEvent(new OperationalAlert(AT, kind, "x", "y"));
        assertEquals(expected, heard);
        assertEquals(expected.size(), routing.targets(kind.severity()).size());
    }

    @Test
    void theStandardRoutingLogsAllMonitorsWarningsAndPagesWhatEscalates() {
        List<String> heard = new ArrayList<>();
        AlertRouting routing = AlertRouting.standard(
                event -> heard.add("log"), event -> heard.add("monitor"), event -> heard.add("pager"));
        routing.onEvent(new OperationalAlert(AT, AlertKind.RESTORE_STARTED, "x", "y"));
        assertEquals(List.of("log"), heard);
        heard.clear();
        routing.onEvent(OperationalAlert.cursorRewound(AT, "x", 1));
        assertEquals(List.of("log", "monitor"), heard);
        heard.clear();
        routing.onEvent(OperationalAlert.versionAhead(AT, SNAP, AHEAD));
        assertEquals(List.of("log", "monitor", "pager"), heard);
    }

    @Test
    void aTargetThatFailsKeepsNoOtherFromHearing() {
        IllegalStateException log = new IllegalStateException("log");
        IllegalStateException monitor = new IllegalStateException("monitor");
        List<BackupEvent> paged = new ArrayList<>();
        AlertRouting routing = AlertRouting.standard(throwing(log), throwing(monitor), paged::add);
        OperationalAlert alert = OperationalAlert.versionAhead(AT, SNAP, AHEAD);
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> routing.onEvent(alert));
        assertSame(log, thrown);
        assertSame(monitor, thrown.getSuppressed()[0]);
        assertEquals(List.of(alert), paged);
    }

    @Test
    void oneFailureThrownByTwoTargetsIsThrownOnce() {
        IllegalStateException same = new IllegalStateException("same");
        AlertRouting routing = AlertRouting.standard(throwing(same), throwing(same), event -> {});
        assertSame(
                same,
                assertThrows(
                        IllegalStateException.class,
                        () -> routing.onEvent(OperationalAlert.cursorRewound(AT, "x", 1))));
        assertEquals(0, same.getSuppressed().length);
    }

    @Test
    void aRoutingIsNotChangedByWhatIsMadeOfIt() {
        AlertRouting.nobody().atLeast(AlertSeverity.INFO, event -> {});
        assertFalse(
                AlertRouting.nobody().targets(AlertSeverity.ESCALATE).iterator().hasNext());
    }

    private static BackupListener throwing(RuntimeException failure) {
        return event -> {
            throw failure;
        };
    }
}
