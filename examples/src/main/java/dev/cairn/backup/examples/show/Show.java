package dev.cairn.backup.examples.show;

import java.io.IOException;
import java.sql.SQLException;

/** Runs a demonstration from a command line. */
public final class Show {

    private Show() {}

    /** What is shown. */
    @FunctionalInterface
    public interface Play {

        /** Plays it in the folder, and reports whatever must hold. */
        void in(WorkFolder folder, Report report) throws IOException, SQLException, InterruptedException;
    }

    /**
     * Plays it.
     *
     * @param name the main class's name, for messages
     * @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one
     * @return the exit code: 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be
     */
    public static int run(String name, Play play, String... args)
            throws IOException, SQLException, InterruptedException {
        WorkFolder folder;
        try {
            folder = WorkFolder.of(Arguments.parse(args));
        } catch (IllegalArgumentException e) {
            System.err.println(name + ": " + e.getMessage());
            System.err.println(Arguments.usage(name));
            return 2;
        }
        try (folder) {
            System.out.println("Cairn " + name + ", working in " + folder.path()
                    + (folder.temporary() ? ", which is deleted at the end (--keep keeps it)" : ", which stays"));
            System.out.println("Paths below are relative to it.");
            Report report = new Report(System.out, folder.path());
            play.in(folder, report);
            report.title(report.failures().isEmpty() ? "All comparisons held" : "NOT all comparisons held");
            report.failures().forEach(report::say);
            return report.failures().isEmpty() ? 0 : 1;
        }
    }
}
