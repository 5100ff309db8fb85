package dev.cairn.backup.cli.command;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A restore's dry run. */
@Command(name = "plan", description = "Tell what a restore would do, and whether it may. Touches nothing.")
public final class PlanCommand extends Subcommand {

    @Mixin
    private SnapshotChoice choice = new SnapshotChoice();

    @Mixin
    private RestoreOptions options = new RestoreOptions();

    @Option(
            names = "--paths",
            paramLabel = "N",
            description = "List up to N paths of each dataset that would be made, replaced or removed; at most 100000.")
    private int paths;

    /** Made by picocli. */
    PlanCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.standIn()) {
            SnapshotManager manager = session.manager();
            RestorePlan plan = manager.plan(
                    options.request(in, choice.of(in, options.named())).listPaths(paths));
            return PlanAnswer.of(plan, in.configuration());
        }
    }
}
