package dev.cairn.backup.cli;

import dev.cairn.backup.cli.command.AcknowledgeCommand;
import dev.cairn.backup.cli.command.CatCommand;
import dev.cairn.backup.cli.command.CheckCommand;
import dev.cairn.backup.cli.command.ConfigCommand;
import dev.cairn.backup.cli.command.DeleteCommand;
import dev.cairn.backup.cli.command.DiffCommand;
import dev.cairn.backup.cli.command.DrillCommand;
import dev.cairn.backup.cli.command.ExportCommand;
import dev.cairn.backup.cli.command.ImportCommand;
import dev.cairn.backup.cli.command.InitCommand;
import dev.cairn.backup.cli.command.KeysCommand;
import dev.cairn.backup.cli.command.ListCommand;
import dev.cairn.backup.cli.command.LsCommand;
import dev.cairn.backup.cli.command.PinCommand;
import dev.cairn.backup.cli.command.PlanCommand;
import dev.cairn.backup.cli.command.PruneCommand;
import dev.cairn.backup.cli.command.RepairCommand;
import dev.cairn.backup.cli.command.RestoreCommand;
import dev.cairn.backup.cli.command.RollbackCommand;
import dev.cairn.backup.cli.command.RunCommand;
import dev.cairn.backup.cli.command.ShowCommand;
import dev.cairn.backup.cli.command.StatusCommand;
import dev.cairn.backup.cli.command.SweepCommand;
import dev.cairn.backup.cli.command.UnpinCommand;
import dev.cairn.backup.cli.command.VerifyCommand;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The program {@code cairn}. */
@Command(
        name = "cairn",
        mixinStandardHelpOptions = true,
        versionProvider = CairnVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Backups from a shell, for the day when the host is down.",
        subcommands = {
            HelpCommand.class,
            InitCommand.class,
            ConfigCommand.class,
            RunCommand.class,
            ListCommand.class,
            PlanCommand.class,
            RestoreCommand.class,
            RollbackCommand.class,
            DrillCommand.class,
            LsCommand.class,
            CatCommand.class,
            DiffCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            ShowCommand.class,
            VerifyCommand.class,
            StatusCommand.class,
            PruneCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            AcknowledgeCommand.class,
            DeleteCommand.class,
            SweepCommand.class,
            CheckCommand.class,
            RepairCommand.class,
            KeysCommand.class,
            GenerateCompletion.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong command line or configuration",
            "3:refused: verdict, busy, host running, needs approval",
            "4:damage or a difference found",
            "5:left pending for the host's next start",
            "6:store unreachable or full",
            "130:cancelled"
        })
public final class CairnCommand {

    /** Without a logger of its own the program is silent but for its answers; {@code CAIRN_LOG=info} lets the SDK speak on the standard error. */
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    /** Made by picocli. */
    CairnCommand() {}

    /** Runs one command and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        Surroundings around = Surroundings.ofProcess();
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, around.environment().getOrDefault("CAIRN_LOG", "off"));
        }
        Interruption interruption = Interruption.of(around.cancellation());
        int code;
        try {
            code = run(around, arguments);
        } finally {
            interruption.ended(); // Also after an error of the JVM: nobody would be waited for.
        }
        System.exit(code);
    }

    /** Runs one command within this process; answers its exit code. */
    public static int run(Surroundings around, String... arguments) {
        return CommandLines.run(CairnCommand.class, around, arguments);
    }
}
