package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DueRunTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Schedule HOURLY = new Schedule(
            "hourly", Recurrence.every(Duration.ofHours(1)), DatasetSelection.all(), Retention.keepLast(3));
    private static final Set<String> ALL = Set.of("a", "b");

    @Test
    void aScheduleIsNotDueWhileASnapshotOfItsDatasetsIsYoungerThanItsDistance() {
        assertDue(false, HOURLY, taken(Duration.ofMinutes(59), "a", "b"));
        assertDue(true, HOURLY, taken(Duration.ofMinutes(60), "a", "b"));
        assertDue(true, HOURLY, taken(Duration.ofMinutes(5), "a"));
        assertDue(true, HOURLY, taken(Duration.ofMinutes(-5), "a", "b"));
        Schedule ofA = new Schedule("a", HOURLY.when(), DatasetSelection.only("a"), HOURLY.retention());
        assertDue(false, ofA, taken(Duration.ofMinutes(5), "a"));
        assertDue(false, ofA, taken(Duration.ofMinutes(5), "a", "b"));
        assertDue(true, ofA, taken(Duration.ofMinutes(5), "b"));
        assertSame(HOURLY, DueRun.atDistance(HOURLY, List.of(), ALL, NOW));
    }

    @Test
    void whatTheCalendarSaysIsLeftToIt() {
        Schedule daily = new Schedule(
                "daily",
                Recurrence.daily(LocalTime.NOON, ZoneOffset.UTC),
                DatasetSelection.all(),
                Retention.keepLast(3));
        assertSame(daily, DueRun.atDistance(daily, List.of(taken(Duration.ofMinutes(5), "a", "b")), ALL, NOW));
    }

    private static void assertDue(boolean due, Schedule schedule, SnapshotMetadata newest) {
        Schedule now = DueRun.atDistance(schedule, List.of(newest), ALL, NOW);
        assertEquals(due, now.when().equals(schedule.when()));
        assertEquals(schedule.retention(), now.retention());
        assertEquals(schedule.name(), now.name());
    }

    private static SnapshotMetadata taken(Duration ago, String... datasets) {
        return SnapshotMetadata.builder(SnapshotId.of("x"), NOW.minus(ago))
                .datasets(Stream.of(datasets)
                        .map(name -> new DatasetSummary(name, "files", true, 1, 1, Optional.empty(), Map.of()))
                        .toList())
                .build();
    }
}
