package dev.cairn.backup.examples.magds;

import picocli.CommandLine.Command;

/** {@code magds:backup}, which only has subcommands. */
@Command(
        name = "magds:backup",
        description = "Runs and verifies backups.",
        subcommands = {RunCommand.class, VerifyCommand.class})
final class BackupCommand {

    /** Made by picocli. */
    BackupCommand() {}
}
