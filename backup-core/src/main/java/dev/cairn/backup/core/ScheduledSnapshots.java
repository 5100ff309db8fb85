package dev.cairn.backup.core;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.capture.CaptureOrder;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.schedule.Schedules;
import java.time.Duration;
import java.util.Optional;

/** What a schedule does when it is due: a snapshot, then its retention, which never makes the snapshot fail. */
final class ScheduledSnapshots implements Schedules.Runner {

    private final EmbeddedManager manager;
    private final Settings settings;
    private final HealthBoard board;
    private final EventDispatcher events;

    ScheduledSnapshots(EmbeddedManager manager, Settings settings, HealthBoard board, EventDispatcher events) {
        this.manager = manager;
        this.settings = settings;
        this.board = board;
        this.events = events;
    }

    @Override
    public SnapshotMetadata run(Schedule schedule) {
        return manager.operate("a snapshot", opened -> {
            CaptureOrder order = CaptureOrder.of(SnapshotTrigger.PERIODIC, schedule.datasets(), new CancellationToken())
                    .by(schedule.name());
            SnapshotMetadata taken = manager.take(opened, order, false).metadata();
            board.solved("schedule " + schedule.name());
            quietly(
                    "remember the run of schedule " + schedule.name(),
                    () -> opened.lineage().ran(schedule.name(), taken.createdAt()));
            quietly("prune", () -> manager.pruneBy(schedule.name(), opened));
            return taken;
        });
    }

    private void quietly(String what, Runnable work) {
        try {
            work.run();
            board.solved(what);
        } catch (BackupException e) {
            board.problem(what, "could not " + what + ": " + e.getMessage());
        }
    }

    @Override
    public void failed(Schedule schedule, BackupException failure, int consecutive, Duration nextAttempt) {
        events.publish(new BackupEvent.SnapshotFailed(
                settings.clock().instant(),
                SnapshotTrigger.PERIODIC,
                Optional.of(schedule.name()),
                failure.getMessage(),
                consecutive,
                Optional.of(nextAttempt)));
        board.problem(
                "schedule " + schedule.name(),
                "schedule '" + schedule.name() + "' has failed " + consecutive + " times: " + failure.getMessage());
        manager.publishHealth();
    }
}
