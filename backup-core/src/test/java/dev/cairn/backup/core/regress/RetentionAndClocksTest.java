package dev.cairn.backup.core.regress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotPolicy;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.capture.TestHost;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and schedules side by side, and under clocks that are wrong by years. */
class RetentionAndClocksTest {

    private final TestHost host = new TestHost();

    private static CairnBuilder daily(CairnBuilder builder) {
        return builder.schedule(
                "daily",
                Recurrence.daily(LocalTime.of(3, 0), ZoneOffset.UTC),
                DatasetSelection.all(),
                Retention.keepLast(7));
    }

    private void pass(Duration time) {
        host.clock.advance(time);
        host.ticker.advance(time);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPolicyAndAScheduleEachKeepTheirOwn(boolean policyFirst) {
        SnapshotPolicy policy = new SnapshotPolicy(Duration.ofHours(1), 3, Duration.ofHours(2));
        SnapshotManager manager = policyFirst
                ? daily(host.builder().policy(policy)).open()
                : daily(host.builder()).policy(policy).open();
        for (int hour = 0; hour < 10 * 24; hour++) {
            manager.runIfDue();
            pass(Duration.ofHours(1));
        }
        manager.prune();
        assertEquals(7, takenBy(manager, "daily"));
        assertEquals(3, takenBy(manager, SnapshotPolicy.SCHEDULE));
    }

    private static long takenBy(SnapshotManager manager, String schedule) {
        return manager.list().stream()
                .filter(metadata -> metadata.schedule().equals(Optional.of(schedule)))
                .count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDailyScheduleGoesOnAfterTheClockWasSetBackByYears(boolean restarted) {
        SnapshotManager manager = daily(host.builder()).open();
        for (int hour = 0; hour < 48; hour++) {
            manager.runIfDue();
            pass(Duration.ofHours(1));
        }
        assertEquals(2, manager.list().size());
        host.clock.set(Instant.parse("2020-01-01T12:00:00Z"));
        SnapshotManager now = restarted ? daily(host.builder()).open() : manager;
        int taken = 0;
        for (int hour = 0; hour < 10 * 24; hour++) {
            taken += now.runIfDue().size();
            pass(Duration.ofHours(1));
        }
        assertTrue(taken >= 9 && taken <= 11, taken + " snapshots in ten days");
    }

    @Test
    void aNewestSnapshotFromTheFutureDoesNotPushOutTheOthers() {
        SnapshotManager manager = keepingAWeek();
        hourly(manager, 3);
        oneFromTheFuture(manager);
        manager.prune();
        assertEquals(List.of("snap-1", "snap-2", "snap-3", "snap-4"), BrokenHost.ids(manager));
    }

    @Test
    void anOlderSnapshotFromTheFutureDoesNotPushOutTheOthers() {
        SnapshotManager manager = keepingAWeek();
        hourly(manager, 2);
        oneFromTheFuture(manager);
        hourly(manager, 2);
        manager.prune();
        assertTrue(
                BrokenHost.ids(manager).containsAll(List.of("snap-1", "snap-2", "snap-4", "snap-5")),
                BrokenHost.ids(manager).toString());
    }

    /** The rule still removes what is old. */
    @Test
    void aSnapshotOlderThanTheWeekGoes() {
        SnapshotManager manager = keepingAWeek();
        hourly(manager, 1);
        pass(Duration.ofDays(8));
        hourly(manager, 2);
        assertEquals(1, manager.prune());
        assertEquals(List.of("snap-2", "snap-3"), BrokenHost.ids(manager));
    }

    private SnapshotManager keepingAWeek() {
        return host.builder()
                .manualRetention(Retention.keepWithin(Duration.ofDays(7)))
                .open();
    }

    private void hourly(SnapshotManager manager, int count) {
        for (int i = 0; i < count; i++) {
            manager.create();
            pass(Duration.ofHours(1));
        }
    }

    private void oneFromTheFuture(SnapshotManager manager) {
        Instant right = host.clock.instant();
        host.clock.set(right.plus(Duration.ofDays(3650)));
        manager.create();
        host.clock.set(right);
    }
}
