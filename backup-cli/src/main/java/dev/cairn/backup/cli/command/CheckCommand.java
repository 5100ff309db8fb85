package dev.cairn.backup.cli.command;

import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks for damage. */
@Command(name = "check", description = "Look for damage in all of a packed repository; exit code 4 if there is any.")
public final class CheckCommand extends Subcommand {

    @Mixin
    private DepthOptions depth = new DepthOptions();

    /** Made by picocli. */
    CheckCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        RepositoryCheck check = depth.check(in);
        try (Session session = in.standIn()) {
            CheckAnswer answer = CheckAnswer.of(session.manager().check(check), null);
            // A check that was cancelled ends early with what it found, which must not look like all.
            in.cancellation().throwIfCancelled("a check");
            return answer;
        }
    }
}
