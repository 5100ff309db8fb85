package dev.cairn.backup.examples.quickstart;

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
        System.exit(run(args));
    }

    private static int run(String... args) throws IOException, SQLException, InterruptedException {
        WorkFolder folder;
        try {
            folder = WorkFolder.of(Arguments.parse(args));
        } catch (IllegalArgumentException e) {
            System.err.println("Quickstart: " + e.getMessage());
            System.err.println(Arguments.USAGE);
            return 2;
        }
        try (folder) {
            Report report = new Report(System.out, folder.path());
            play(folder, report);
            return conclude(report);
        }
    }

    private static void play(WorkFolder work, Report report) throws IOException, SQLException, InterruptedException {
        Path folder = work.path();
        System.out.println("Cairn quickstart, working in " + folder
                + (work.temporary() ? ", which is deleted at the end (--keep keeps it)" : ", which stays"));
        System.out.println("Paths below are relative to it.");
        new FirstAct(new NotesPlace(folder.resolve("first")), report).play();
        SecondAct second = new SecondAct(report);
        second.killedInCreate(new NotesPlace(folder.resolve("killed-in-create")));
        second.killedInRestore(new NotesPlace(folder.resolve("killed-in-restore")));
    }

    private static int conclude(Report report) {
        report.title(report.failures().isEmpty() ? "All comparisons held" : "NOT all comparisons held");
        report.failures().forEach(report::say);
        return report.failures().isEmpty() ? 0 : 1;
    }
}
