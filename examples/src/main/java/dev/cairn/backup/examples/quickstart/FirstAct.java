package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.RestoreDryRun;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.Report;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Snapshots while the service writes, a sudden loss, the way back, and what it all cost. */
final class FirstAct {

    private static final int SCHEDULED = 2;
    private static final int FURTHER_STEPS = 100;
    private static final long LONGEST_WAIT_SECONDS = 120;

    private final NotesPlace place;
    private final Report report;
    private final NotesBackups backups;
    private final NotesService service;
    private final Semaphore scheduled = new Semaphore(0);

    FirstAct(NotesPlace place, Report report) {
        this.place = place;
        this.report = report;
        this.backups = new NotesBackups(place);
        this.service = new NotesService(place);
    }

    void play() throws IOException, SQLException, InterruptedException {
        report.title("The service starts and writes all the time");
        report.say("database " + place.database());
        report.say("files    " + place.files());
        report.say("backups  " + place.backups());
        report.say("its key  " + backups.keyFile());
        backups.recover();
        backups.settleRecovery();
        service.open();
        SnapshotManager manager = backups.scheduled(service)
                .listener(report)
                .listener(this::count)
                .open();
        try (manager) {
            SnapshotMetadata wanted = takeSnapshots(manager);
            loseEverything();
            restore(manager, wanted);
            goOn(manager);
        }
        manager.shutdownReport()
                .ifPresent(end -> report.check(
                        "the shutdown took a snapshot: " + end.outcome() + " "
                                + end.snapshot().map(Object::toString).orElse(end.detail()),
                        end.snapshot().isPresent()));
        service.close();
        report.say("the barrier was " + service.barrierCost().describe());
    }

    private void count(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotCompleted completed
                && completed.report().metadata().trigger() == SnapshotTrigger.PERIODIC) {
            scheduled.release();
        }
    }

    private SnapshotMetadata takeSnapshots(SnapshotManager manager) throws InterruptedException {
        report.title("Snapshots: " + SCHEDULED + " by schedule, one by hand, while the writer goes on");
        try (NotesWriter writer = NotesWriter.start(service)) {
            report.check(
                    "scheduled snapshots came by themselves",
                    scheduled.tryAcquire(SCHEDULED, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
            SnapshotMetadata byHand = manager.create(
                            SnapshotRequest.of().label("before the loss").pin())
                    .metadata();
            report.check(
                    "every byte of " + byHand.id() + " reads back right",
                    manager.verify(byHand.id()).passed());
            writer.awaitSteps(FURTHER_STEPS);
            return byHand;
        }
    }

    private void loseEverything() throws IOException, InterruptedException {
        report.title("Sudden loss at step " + service.version()
                + ": another process destroys the data of the running service");
        try (ChildJvm vandal = ChildJvm.start(Vandal.class, place.folder())) {
            vandal.output().forEach(report::say);
            report.check("the data is destroyed", vandal.exitCode() == 0 && isUnreadable());
        }
    }

    private boolean isUnreadable() {
        try (Connection connection = ConnectionPool.connect(place.database());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM notes")) {
            report.say("the database still has " + rows.getLong(1) + " notes");
            return false;
        } catch (SQLException e) {
            report.say("the database says: " + e.getMessage());
            return true;
        }
    }

    private void restore(SnapshotManager manager, SnapshotMetadata wanted) throws IOException, SQLException {
        report.title("Dry run: what a restore of " + wanted.id() + " would do; it touches nothing");
        RestorePlan plan = manager.plan(RestoreRequest.of(wanted.id()));
        report.plan(plan);
        report.check("the verdict permits it", plan.permitsRestore());
        report.say("in an hour it would be "
                + new RestoreDryRun(wanted, Instant.now().plusSeconds(3600))
                        .check(service.version(), Duration.ofMinutes(10)));

        report.title("Restore: stage and verify all, close the pool, swap all, open the pool, check");
        report.restored(manager.restore(plan));
        long step = wanted.projectionVersion().orElseThrow();
        report.compare(
                "what the service held at " + wanted.id() + ", worked out without it",
                NotesComparison.of(ExpectedState.after(step, 0), ActualState.of(service)));
    }

    private void goOn(SnapshotManager manager) throws IOException, SQLException, InterruptedException {
        report.title("The service goes on from step " + service.version());
        try (NotesWriter writer = NotesWriter.start(service)) {
            scheduled.drainPermits();
            report.check("the schedule goes on too", scheduled.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
            writer.awaitSteps(FURTHER_STEPS);
        }
        report.compare(
                "the state now, at step " + service.version(),
                NotesComparison.of(ExpectedState.after(service.version(), 0), ActualState.of(service)));
        BackupHealth health = manager.health();
        report.say("health " + health.status() + ", problems " + health.problems() + ", "
                + health.statistics().snapshotsTotal()
                + " snapshots and " + health.statistics().restoresTotal() + " restore done, "
                + health.statistics().snapshotFailuresTotal() + " failed, suspects " + health.suspects());
        health.warnings().forEach(warning -> report.say("warning " + warning));
        report.title("Shutdown");
    }
}
