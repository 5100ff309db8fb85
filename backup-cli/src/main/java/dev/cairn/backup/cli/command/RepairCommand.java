package dev.cairn.backup.cli.command;

import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Mends damage. */
@Command(
        name = "repair",
        description = {
            "Mend what can be mended in a packed repository, and name what each snapshot has lost.",
            "Removes no snapshot. What is lost is stored again by the next snapshot if the source still has it.",
            "Exit code 4 if something is lost."
        })
public final class RepairCommand extends Subcommand {

    @Mixin
    private DepthOptions depth = new DepthOptions();

    /** Made by picocli. */
    RepairCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        RepositoryCheck check = depth.check(in);
        try (Session session = in.standIn()) {
            RepairReport report = session.manager().repair(check);
            // One that was cancelled ends early with what it did, which must not look like all.
            in.cancellation().throwIfCancelled("a repair");
            return CheckAnswer.of(report.found(), report.actions());
        }
    }
}
