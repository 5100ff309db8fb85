package dev.cairn.backup.examples.tasks;

import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.examples.show.Comparison;
import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * A task list is protected, changed and brought back.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Tasks {

    private Tasks() {}

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Tasks", Tasks::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, SQLException {
        Path data = work.path().resolve("data");
        try (TaskList app = new TaskList(data);
                SnapshotManager backups =
                        TaskBackups.protect(app, data, work.path().resolve("backups"))) {
            report.title("Tasks in a database, an attachment each, a draft in memory");
            app.add("bread", "two loaves");
            app.add("tea", "green");
            app.draft("ann", "dear bob");
            List<String> held = app.content();
            SnapshotMetadata snapshot = backups.create();
            report.say(snapshot.id() + " holds " + snapshot.counts() + " and " + snapshot.sizeBytes() + " bytes");

            report.title("An accident");
            app.add("nonsense", "from a wrong script");
            Files.delete(data.resolve("attachments/tea.txt"));
            app.draft("ann", "");

            report.title("Back to " + snapshot.id());
            report.restored(TaskBackups.bringBack(backups, snapshot.id()));
            report.compare("the task list", Comparison.of(held, app.content()));
        }
    }
}
