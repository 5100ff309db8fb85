package dev.cairn.backup.examples.magds;

import dev.cairn.backup.cli.CommandLines;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Surroundings;
import java.time.InstantSource;
import picocli.CommandLine.Command;

/** The program {@code mag}, run in the application's folder. Its options, errors and exit codes are those of {@code cairn}; its commands and its configuration are MagDS's own. */
@Command(
        name = "mag",
        description = "MagDS from a shell.",
        subcommands = {BackupCommand.class, RestoreCommand.class})
public final class Mag {

    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    /** Made by picocli. */
    Mag() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "off"); // What went wrong is in the answer.
        }
        System.exit(CommandLines.run(Mag.class, Surroundings.ofProcess(), arguments));
    }

    static MagdsPlace place(Invocation in) {
        return new MagdsPlace(in.around().folder());
    }

    /** Opens the backups; alerts of the bus are said aloud. */
    static MagdsBackups open(Invocation in, MagdsConfig config) {
        MagdsBackups backups = MagdsBackups.open(place(in), config, in.actor(), InstantSource.system());
        backups.bus().subscribe(event -> {
            if (event.name().equals(EventBus.VERIFY_FAILED)) {
                in.output().remark("ALERT " + event.name() + " " + event.backup());
            }
        });
        return backups;
    }
}
