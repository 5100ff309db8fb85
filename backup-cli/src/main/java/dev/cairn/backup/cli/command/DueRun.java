package dev.cairn.backup.cli.command;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.CalendarRule;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.config.HostDataset;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.spi.Dataset;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs what is due once, in a process that lives for a moment. A manager takes a schedule at a fixed distance for due whenever it is opened, which for a timer would be at every tick; here its
 * snapshots in the repository tell.
 */
final class DueRun {

    /** A rule of the calendar that never comes: the schedule stays known, so that its retention goes on. */
    private static final CalendarRule NEVER = new CalendarRule() {
        @Override
        public Optional<LocalDateTime> after(LocalDateTime local) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "not now";
        }
    };

    private DueRun() {}

    static RunAnswer of(Invocation in) {
        List<SnapshotMetadata> listed;
        try (Session session = in.operate(List.of(), builder -> builder)) {
            listed = session.manager().list();
        }
        Set<String> all =
                in.configuration().datasets().stream().map(Dataset::name).collect(Collectors.toSet());
        Instant now = Instant.now();
        List<Schedule> schedules = in.configuration().schedules().stream()
                .map(schedule -> atDistance(schedule, listed, all, now))
                .toList();
        Map<SnapshotId, SnapshotReport> reports = new ConcurrentHashMap<>();
        List<SnapshotMetadata> taken;
        List<RunAnswer.Failure> failures;
        try (Session session = in.operate(schedules, builder -> builder.listener(event -> report(event, reports)))) {
            SnapshotManager manager = session.manager();
            taken = manager.runIfDue();
            failures = manager.health().schedules().stream()
                    .flatMap(health -> health.lastFailure().stream()
                            .map(failure -> new RunAnswer.Failure(health.schedule(), failure.problem())))
                    .toList();
        } // Whose end waits for what the listener is told.
        List<String> missing = in.configuration().hostDatasets().stream()
                .map(HostDataset::name)
                .toList();
        return new RunAnswer(
                taken.stream().map(one -> taken(one, reports.get(one.id()))).toList(),
                failures,
                0,
                taken.isEmpty() ? List.of() : missing);
    }

    /** The schedule, or the same that is not due. */
    static Schedule atDistance(Schedule schedule, List<SnapshotMetadata> listed, Set<String> all, Instant now) {
        if (!(schedule.when() instanceof Recurrence.Every every)) {
            return schedule;
        }
        Set<String> wanted =
                schedule.datasets().everything() ? all : schedule.datasets().names();
        boolean recent = listed.stream()
                .filter(one ->
                        !one.createdAt().isAfter(now)) // One from the future, by a clock that was wrong, tells nothing.
                .filter(one -> one.createdAt().plus(every.interval()).isAfter(now))
                .filter(one -> one.safetyFor().isEmpty())
                .anyMatch(one -> one.datasets().stream()
                        .map(DatasetSummary::name)
                        .collect(Collectors.toSet())
                        .containsAll(wanted));
        return recent
                ? new Schedule(
                        schedule.name(),
                        Recurrence.on(NEVER, ZoneOffset.UTC),
                        schedule.datasets(),
                        schedule.retention())
                : schedule;
    }

    private static void report(BackupEvent event, Map<SnapshotId, SnapshotReport> reports) {
        if (event instanceof BackupEvent.SnapshotCompleted completed) {
            reports.put(completed.report().metadata().id(), completed.report());
        }
    }

    /** @param report what its schedule was told; null if the event was lost, which a full queue allows */
    private static RunAnswer.Taken taken(SnapshotMetadata metadata, @Nullable SnapshotReport report) {
        if (report != null) {
            return RunAnswer.Taken.of(report);
        }
        return new RunAnswer.Taken(
                metadata.id().value(),
                metadata.createdAt().toString(),
                metadata.schedule().orElse(null),
                metadata.label().orElse(null),
                metadata.sizeBytes(),
                null,
                List.of(),
                List.of());
    }
}
