package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.cursor.MonitorVerdict.Failed;
import dev.cairn.backup.cursor.MonitorVerdict.Passed;
import dev.cairn.backup.cursor.MonitorVerdict.Reason;
import dev.cairn.backup.cursor.MonitorVerdict.Watching;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** BEHAVIOUR, agtmux 10 and 12. */
class PostRestoreMonitorTest {

    private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MINUTE = 60;

    private final PostRestoreMonitor monitor = watching();

    @Test
    void aCursorThatAdvancesPassesAfterAMinute() {
        active("a", 1);
        active("b", 1);
        monitor.committed("a", 11, 500, at(2));
        monitor.committed("b", 20, 20, at(3));
        assertEquals(new Watching(at(MINUTE), AlertSeverity.INFO, Map.of()), monitor.verdict(at(59)));
        assertEquals(new Passed(at(MINUTE), List.of("a", "b")), monitor.verdict(at(MINUTE)));
    }

    @Test
    void anIdleSourceThatHasCaughtUpPasses() {
        active("a", 1);
        active("b", 1);
        monitor.committed("a", 10, 10, at(2));
        monitor.committed("b", 20, 20, at(2));
        assertInstanceOf(Passed.class, monitor.verdict(at(MINUTE)));
    }

    @Test
    void aCursorThatNeitherAdvancesNorHasCaughtUpFailsAfterFifteenMinutes() {
        allWell(1);
        PostRestoreMonitor stuck = watching();
        stuck.active("a", at(1));
        stuck.active("b", at(1));
        stuck.committed("a", 10, 11, at(2));
        stuck.committed("b", 20, 20, at(2));
        Watching watching = assertInstanceOf(Watching.class, stuck.verdict(at(MINUTE)));
        assertEquals(
                new Watching(at(15 * MINUTE), AlertSeverity.DEGRADED, Map.of("a", Set.of(Reason.CURSOR_STUCK))),
                watching);
        assertEquals(
                new Failed(at(15 * MINUTE), Map.of("a", Set.of(Reason.CURSOR_STUCK))), stuck.verdict(at(15 * MINUTE)));
        assertEquals(AlertSeverity.DEGRADED, stuck.verdict(at(15 * MINUTE)).severity());
    }

    @Test
    void anInvalidCursorWithinTheLastMinuteIsWaitedFor() {
        allWell(1);
        monitor.invalidCursor("a", at(30));
        assertEquals(
                new Watching(at(15 * MINUTE), AlertSeverity.DEGRADED, Map.of("a", Set.of(Reason.INVALID_CURSOR))),
                monitor.verdict(at(MINUTE)));
        assertInstanceOf(Passed.class, monitor.verdict(at(15 * MINUTE)));
    }

    @Test
    void anInvalidCursorAMinuteAgoIsForgiven() {
        allWell(0);
        monitor.invalidCursor("a", at(0));
        assertInstanceOf(Passed.class, monitor.verdict(at(MINUTE)));
    }

    @Test
    void aFullResyncIsWatchedForFiveMinutes() {
        allWell(1);
        monitor.resynced("a", 900, at(40));
        assertEquals(AlertSeverity.WARN, monitor.verdict(at(41)).severity());
        monitor.committed("a", 901, 1000, at(50));
        Watching watching = assertInstanceOf(Watching.class, monitor.verdict(at(40 + 5 * MINUTE - 1)));
        assertEquals(at(40 + 5 * MINUTE), watching.until());
        assertInstanceOf(Passed.class, monitor.verdict(at(40 + 5 * MINUTE)));
    }

    @Test
    void afterAResyncTheCursorProvesItselfAnew() {
        allWell(1);
        monitor.resynced("a", 900, at(40));
        monitor.committed("a", 900, 1000, at(50));
        Watching watching = assertInstanceOf(Watching.class, monitor.verdict(at(60)));
        assertEquals(Map.of("a", Set.of(Reason.CURSOR_STUCK)), watching.reasons());
    }

    @Test
    void severalResyncsMakeItDegradedAndFifteenMinutesLong() {
        allWell(1);
        monitor.resynced("a", 900, at(10));
        monitor.resynced("b", 900, at(20));
        monitor.committed("a", 901, 1000, at(21));
        monitor.committed("b", 901, 1000, at(21));
        assertEquals(new Watching(at(15 * MINUTE), AlertSeverity.DEGRADED, Map.of()), monitor.verdict(at(14 * MINUTE)));
        assertInstanceOf(Passed.class, monitor.verdict(at(15 * MINUTE)));
    }

    @Test
    void aSourceThatIsNotActiveMakesItDegraded() {
        allWell(1);
        monitor.inactive("b", at(5));
        assertEquals(
                new Watching(at(15 * MINUTE), AlertSeverity.DEGRADED, Map.of("b", Set.of(Reason.NOT_ACTIVE))),
                monitor.verdict(at(6)));
        active("b", 7 * MINUTE);
        assertInstanceOf(Passed.class, monitor.verdict(at(16 * MINUTE)));
    }

    @Test
    void aSourceThatIsNeverHeardOfFailsWithAllItsReasons() {
        active("a", 1);
        monitor.committed("a", 11, 11, at(1));
        assertEquals(
                new Failed(at(15 * MINUTE), Map.of("b", Set.of(Reason.CURSOR_STUCK, Reason.NOT_ACTIVE))),
                monitor.verdict(at(20 * MINUTE)));
    }

    @Test
    void theVerdictIsGivenOnce() {
        allWell(1);
        monitor.inactive("a", at(61));
        MonitorVerdict verdict = monitor.verdict(at(62));
        assertEquals(new Passed(at(MINUTE), List.of("a", "b")), verdict);
        monitor.invalidCursor("a", at(63));
        assertEquals(verdict, monitor.verdict(at(100 * MINUTE)));
    }

    @Test
    void anUnknownSourceAndImpossibleWindowsAreRefused() {
        assertThrows(InvalidValueException.class, () -> monitor.active("c", T));
        Duration minute = Duration.ofMinutes(1);
        assertThrows(InvalidValueException.class, () -> new MonitorWindows(Duration.ZERO, minute, minute));
        assertThrows(InvalidValueException.class, () -> new MonitorWindows(minute, Duration.ZERO, minute));
        assertThrows(InvalidValueException.class, () -> new MonitorWindows(minute, minute, Duration.ofSeconds(59)));
    }

    enum Kind {
        COMMITTED,
        CAUGHT_UP,
        INVALID,
        RESYNCED,
        ACTIVE,
        INACTIVE
    }

    record Happening(long second, Kind kind) {}

    /** The model has the whole log at hand and looks, second by second, where the watch ends and what held then. */
    @Property
    void theVerdictIsWhatTheWholeLogSays(@ForAll("logs") List<Happening> unsorted) {
        List<Happening> log = unsorted.stream()
                .sorted(java.util.Comparator.comparingLong(Happening::second))
                .toList();
        PostRestoreMonitor subject = PostRestoreMonitor.after(cut(Map.of("a", 10L)), T, MonitorWindows.defaults());
        long position = 10;
        for (Happening one : log) {
            Instant at = at(one.second());
            switch (one.kind()) {
                case COMMITTED -> subject.committed("a", position + 1, position + 100, at);
                case CAUGHT_UP -> subject.committed("a", position, position, at);
                case INVALID -> subject.invalidCursor("a", at);
                case RESYNCED -> subject.resynced("a", position, at);
                case ACTIVE -> subject.active("a", at);
                case INACTIVE -> subject.inactive("a", at);
            }
        }
        MonitorVerdict expected = null;
        boolean degraded = false;
        for (long second = 0; expected == null; second++) {
            long until = 60;
            int resyncs = 0;
            boolean moving = false;
            boolean active = false;
            long invalid = -1000;
            for (Happening one : log) {
                if (one.second() >= second) {
                    break; // What happens at the very end is no longer part of the watch.
                }
                moving |= one.kind() == Kind.COMMITTED || one.kind() == Kind.CAUGHT_UP;
                active = one.kind() == Kind.ACTIVE || active && one.kind() != Kind.INACTIVE;
                degraded |= one.kind() == Kind.INACTIVE;
                invalid = one.kind() == Kind.INVALID ? one.second() : invalid;
                if (one.kind() == Kind.RESYNCED) {
                    moving = false;
                    until = Math.max(until, one.second() + 300);
                    degraded |= ++resyncs > 1;
                }
            }
            until = degraded ? Math.max(until, 900) : until;
            if (second < until) {
                continue;
            }
            Set<Reason> reasons = new java.util.HashSet<>();
            if (!moving) {
                reasons.add(Reason.CURSOR_STUCK);
            }
            if (second - invalid < 60) {
                reasons.add(Reason.INVALID_CURSOR);
            }
            if (!active) {
                reasons.add(Reason.NOT_ACTIVE);
            }
            if (reasons.isEmpty()) {
                expected = new Passed(at(second), List.of("a"));
            } else if (second >= 900) {
                expected = new Failed(at(second), Map.of("a", reasons));
            } else {
                degraded = true;
            }
        }
        assertEquals(expected, subject.verdict(at(10_000)), log::toString);
    }

    @Provide
    Arbitrary<List<Happening>> logs() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(1, 70),
                                Arbitraries.longs().between(1, 1300)),
                        Arbitraries.of(
                                Kind.COMMITTED,
                                Kind.CAUGHT_UP,
                                Kind.ACTIVE,
                                Kind.ACTIVE,
                                Kind.INVALID,
                                Kind.RESYNCED,
                                Kind.INACTIVE))
                .as(Happening::new)
                .list()
                .ofMaxSize(10);
    }

    private void allWell(long second) {
        active("a", second);
        active("b", second);
        monitor.committed("a", 11, 11, at(second));
        monitor.committed("b", 21, 21, at(second));
    }

    private void active(String source, long second) {
        monitor.active(source, at(second));
    }

    private static PostRestoreMonitor watching() {
        return PostRestoreMonitor.after(cut(Map.of("a", 10L, "b", 20L)), T, MonitorWindows.defaults());
    }

    private static SnapshotCut cut(Map<String, Long> positions) {
        Map<String, SourceCursor> cursors = new java.util.HashMap<>();
        positions.forEach((name, at) -> cursors.put(name, new SourceCursor("i", 0, CursorWatermarks.at(at))));
        return new SnapshotCut(TimelineEpoch.first(), cursors, StateDedup.empty());
    }

    private static Instant at(long second) {
        return T.plusSeconds(second);
    }
}
