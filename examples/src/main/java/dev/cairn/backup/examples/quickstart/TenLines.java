package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.nio.file.Path;

/** The ten lines of the README, as they compile and run. */
public final class TenLines {

    private static final Object LOCK = new Object();

    private TenLines() {}

    /** @param args a folder that holds {@code notes.db} and the folder {@code config} */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: TenLines folder   it must hold notes.db and the folder config");
            System.exit(2);
        }
        run(Path.of(args[0]));
    }

    /** The application's own lock, under which it changes its database and its files. */
    private static void holdLock(Runnable action) {
        synchronized (LOCK) {
            action.run();
        }
    }

    static void run(Path app) {
        // tag::snippet
        var home = FileHome.at(app.resolve("backup-home"));
        var notes = SqliteDataset.of("notes", app.resolve("notes.db"));
        var config = FilesDataset.of("config", app.resolve("config")).consistency(Consistency.IMMUTABLE);
        Cairn.recoverPending(home.state(), notes, config); // first thing in main: ends a restore that a crash cut short
        var cairn = Cairn.builder().home(home).dataset(notes).dataset(config).barrier(TenLines::holdLock);
        try (SnapshotManager backups = cairn.open()) {
            SnapshotMetadata snapshot = backups.create(); // database and files at one instant
            RestorePlan plan = backups.plan(RestoreRequest.of(snapshot.id())); // a dry run: touches nothing
            System.out.println(backups.restore(plan)); // all or nothing, also through a crash
        }
        // end::snippet
    }
}
