package dev.cairn.backup.cli.command;

import picocli.CommandLine.Command;

/** Who can open the repository. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Who can open a packed repository: key files, variables of the environment, recovery codes.",
        subcommands = {
            KeysListCommand.class,
            KeysAddCommand.class,
            KeysRemoveCommand.class,
            KeysRecoveryCommand.class,
            KeysConfirmCommand.class,
            KeysDeclineCommand.class,
        })
public final class KeysCommand {

    /** Made by picocli. */
    KeysCommand() {}
}
