package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Shows, on real data, what Cairn does for a host: snapshots while it writes, a sudden loss, the way back, and processes that are killed in the middle.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Quickstart {

    private Quickstart() {}

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Quickstart", Quickstart::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, SQLException, InterruptedException {
        Path folder = work.path();
        new FirstAct(new NotesPlace(folder.resolve("first")), report).play();
        SecondAct second = new SecondAct(report);
        second.killedInCreate(new NotesPlace(folder.resolve("killed-in-create")));
        second.killedInRestore(new NotesPlace(folder.resolve("killed-in-restore")));
    }
}
