package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.Report;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Services in processes of their own that are killed in the middle of a snapshot and of a restore, and what is found after the next start. */
final class SecondAct {

    private final Report report;

    SecondAct(Report report) {
        this.report = report;
    }

    /** What the child said before it was killed. */
    private record Killed(SnapshotId good, long goodStep) {}

    void killedInCreate(NotesPlace place) throws IOException, SQLException, InterruptedException {
        report.title("kill -9 in the middle of a snapshot");
        Killed killed = kill(place, KilledHost.IN_CREATE);
        NotesBackups backups = new NotesBackups(place);
        RecoveryReport recovery = backups.recover();
        report.check("no restore is pending", recovery.nothingPending());
        NotesService service = new NotesService(place);
        service.open();
        report.compare(
                "the live data, which the kill caught at step " + service.version() + " (sessions die with a process)",
                NotesComparison.of(ExpectedState.after(service.version(), 0).afterCrash(), ActualState.of(service)));
        try (SnapshotManager manager =
                backups.configured(service, NotesBackups.sessionsCodec()).open()) {
            checkRepository(manager, killed.good());
            report.check(
                    "the half snapshot is kept apart: " + manager.listInvalid(),
                    manager.listInvalid().size() == 1);
            restoreGood(manager, service, killed);
        }
        service.close();
    }

    void killedInRestore(NotesPlace place) throws IOException, SQLException, InterruptedException {
        report.title("kill -9 in the middle of a restore");
        Killed killed = kill(place, KilledHost.IN_RESTORE);
        NotesBackups backups = new NotesBackups(place);
        RecoveryReport recovery = backups.recover();
        recovery.restores()
                .forEach(restore ->
                        report.say("recoverPending: restore " + restore.restoreId() + " of " + restore.target() + " "
                                + restore.outcome() + ", handed back when the manager opens: " + restore.awaiting()));
        report.check(
                "the restore was undone",
                recovery.restores().stream()
                        .map(RecoveryReport.Recovered::outcome)
                        .toList()
                        .equals(List.of(RecoveryReport.Outcome.UNDONE)));
        NotesService service = new NotesService(place);
        service.open();
        try (SnapshotManager manager =
                backups.configured(service, NotesBackups.sessionsCodec()).open()) {
            report.check(
                    "the service is where it was before the restore, at step " + service.version() + ", past step "
                            + killed.goodStep(),
                    service.version() > killed.goodStep());
            report.compare(
                    "all old: rows, files, and the sessions that were in the killed process's memory",
                    NotesComparison.of(ExpectedState.after(service.version(), 0), ActualState.of(service)));
            checkRepository(manager, killed.good());
            restoreGood(manager, service, killed);
        }
        service.close();
    }

    private Killed kill(NotesPlace place, String where) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(KilledHost.class, place.folder(), where)) {
            String good = child.outputUntil(KilledHost.GOOD).get(0);
            List<String> last = child.outputUntil(KilledHost.KILL_ME);
            report.say("process " + child.pid() + " says: " + good);
            report.say("process " + child.pid() + " says: " + last.get(last.size() - 1));
            report.say("killed; its exit code is " + child.kill());
            String[] words = good.split(" ", 3);
            return new Killed(SnapshotId.of(words[1]), Long.parseLong(words[2]));
        }
    }

    private void checkRepository(SnapshotManager manager, SnapshotId good) {
        List<SnapshotId> listed =
                manager.list().stream().map(SnapshotMetadata::id).toList();
        report.check(
                "every listed snapshot reads back right, " + good + " among them: " + listed,
                listed.contains(good)
                        && listed.stream().allMatch(id -> manager.verify(id).passed()));
    }

    private void restoreGood(SnapshotManager manager, NotesService service, Killed killed)
            throws IOException, SQLException {
        report.restored(manager.restore(manager.plan(RestoreRequest.of(killed.good()))));
        report.compare(
                "what the killed process held at " + killed.good() + ", sessions and all",
                NotesComparison.of(ExpectedState.after(killed.goodStep(), 0), ActualState.of(service)));
    }
}
