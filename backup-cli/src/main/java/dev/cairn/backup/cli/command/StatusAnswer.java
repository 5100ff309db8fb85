package dev.cairn.backup.cli.command;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.ScheduleHealth;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code status} answers.
 *
 * @param status {@code HEALTHY} or {@code DEGRADED}
 * @param problems what is wrong
 * @param warnings what could be better
 * @param snapshots how many snapshots there are
 * @param lastSuccess when the last snapshot was completed, or null
 * @param suspects snapshots that wait for {@code acknowledge}
 * @param datasets how well each dataset is protected
 * @param schedules how each schedule does
 */
public record StatusAnswer(
        String status,
        List<String> problems,
        List<String> warnings,
        long snapshots,
        @Nullable String lastSuccess,
        List<String> suspects,
        List<DatasetStatus> datasets,
        List<ScheduleStatus> schedules)
        implements Answer {

    /**
     * A dataset.
     *
     * @param name its name
     * @param newest its newest restorable point, or null
     * @param newestVerified its newest verified snapshot, or null
     * @param bytes content bytes in the newest snapshot
     * @param rpoMillis what would be lost now, or null
     * @param rpoObjectiveMillis what may be lost, or null
     */
    public record DatasetStatus(
            String name,
            @Nullable String newest,
            @Nullable String newestVerified,
            long bytes,
            @Nullable Long rpoMillis,
            @Nullable Long rpoObjectiveMillis) {

        static DatasetStatus of(DatasetHealth health) {
            return new DatasetStatus(
                    health.dataset(),
                    text(health.newest()),
                    text(health.newestVerified()),
                    health.bytes(),
                    health.rpo().map(Duration::toMillis).orElse(null),
                    health.objective().rpo().map(Duration::toMillis).orElse(null));
        }
    }

    /**
     * A schedule.
     *
     * @param name its name
     * @param lastSuccess when its last snapshot was taken, or null
     * @param nextAttempt when it runs next
     * @param overdueSince when it was due, if it is late; else null
     */
    public record ScheduleStatus(
            String name,
            @Nullable String lastSuccess,
            String nextAttempt,
            @Nullable String overdueSince) {

        static ScheduleStatus of(ScheduleHealth health) {
            return new ScheduleStatus(
                    health.schedule(),
                    text(health.lastSuccess()),
                    health.nextAttempt().toString(),
                    text(health.overdueSince()));
        }
    }

    static StatusAnswer of(BackupHealth health, List<String> problems) {
        return new StatusAnswer(
                (problems.isEmpty() ? health.status() : BackupHealth.Status.DEGRADED).name(),
                problems,
                health.warnings(),
                health.statistics().snapshots(),
                text(health.lastSuccess()),
                health.suspects().stream().map(SnapshotId::value).toList(),
                health.datasets().stream().map(DatasetStatus::of).toList(),
                health.schedules().stream().map(ScheduleStatus::of).toList());
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    @Override
    public void print(Page page) {
        String sum = status.toLowerCase(java.util.Locale.ROOT) + ", " + Texts.count(snapshots, "snapshot");
        if (status.equals(BackupHealth.Status.HEALTHY.name())) {
            page.good(sum);
        } else {
            page.bad(sum);
        }
        problems.forEach(page::bad);
        warnings.forEach(page::warning);
        suspects.forEach(id -> page.warning(id + " is suspect and waits for: cairn acknowledge " + id));
        page.table(
                List.of("DATASET", "NEWEST", "VERIFIED", "SIZE"),
                datasets.stream()
                        .map(one -> List.of(
                                one.name(), time(one.newest()), time(one.newestVerified()), Texts.bytes(one.bytes())))
                        .toList());
        if (!schedules.isEmpty()) {
            page.table(
                    List.of("SCHEDULE", "LAST", "NEXT"),
                    schedules.stream()
                            .map(one -> List.of(one.name(), time(one.lastSuccess()), time(one.nextAttempt())))
                            .toList());
        }
    }

    private static String time(@Nullable String time) {
        return time == null ? "never" : Texts.time(Instant.parse(time));
    }

    @Override
    public ExitCode exitCode() {
        return status.equals(BackupHealth.Status.HEALTHY.name()) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
