package dev.cairn.backup.examples.tasks;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.ShutdownPolicy;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.examples.tasks.TaskList.Drafts;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;

/** How the task list is protected: all of it. */
final class TaskBackups {

    private TaskBackups() {}

    // tag::protect
    static SnapshotManager protect(TaskList app, Path data, Path backups) {
        var home = FileHome.at(backups); // repository, key and the engine's own state; on another disk, if there is one
        var database = SqliteDataset.of("tasks", data.resolve("tasks.db")).count("tasks", "SELECT count(*) FROM task");
        var files = FilesDataset.of("attachments", data.resolve("attachments")).consistency(Consistency.IMMUTABLE);
        var drafts = StateDataset.of(
                "drafts", JsonCodec.of(new ObjectMapper(), Drafts.class), app::drafts, app::replaceDrafts);
        Cairn.recoverPending(home.state(), database, files); // before the application opens anything
        app.connect();
        return Cairn.builder()
                .home(home)
                .dataset(database)
                .dataset(files)
                .dataset(drafts)
                .barrier(app::whileQuiet) // its own lock: everything is taken at one instant
                .restoreHooks(app::disconnect, app::connect) // a restore needs the database closed
                .schedule("hourly", Recurrence.every(ofHours(1)), DatasetSelection.all(), Retention.keepLast(48))
                .schedule(
                        "nightly",
                        Recurrence.daily(LocalTime.of(2, 0), ZoneId.systemDefault()),
                        DatasetSelection.all(),
                        Retention.keepLast(30))
                .objective(DatasetSelection.all(), Objective.losingAtMost(ofHours(2))) // an alarm when it is missed
                .onShutdown(ShutdownPolicy.snapshotWithin(ofSeconds(8)))
                .maxAge(ofDays(2)) // older ones are restored only with an operator's approval
                .open();
    }

    static RestoreReport bringBack(SnapshotManager backups, SnapshotId id) {
        RestorePlan plan = backups.plan(RestoreRequest.of(id)); // a dry run: what would be created, replaced, removed
        return backups.restore(plan); // all or nothing; refuses with a reason unless the verdict is Ok
    }
    // end::protect
}
