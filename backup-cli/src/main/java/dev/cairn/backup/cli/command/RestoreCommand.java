package dev.cairn.backup.cli.command;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.RestoreTurn;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restores in the place of a host that is down. All or nothing: what is interrupted is finished or undone by the next command. */
@Command(
        name = "restore",
        description =
                "Replace the live data by that of a snapshot: all of it, or nothing if anything fails. What is in the "
                        + "host's memory waits for its next start (exit code 5).")
public final class RestoreCommand extends Subcommand {

    @Mixin
    private SnapshotChoice choice = new SnapshotChoice();

    @Mixin
    private RestoreOptions options = new RestoreOptions();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    /** Made by picocli. */
    RestoreCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.standIn()) {
            RestoreTurn turn = RestoreTurn.take(in.configuration().state());
            try {
                return restore(in, session.manager());
            } finally {
                turn.close();
            }
        }
    }

    private Answer restore(Invocation in, SnapshotManager manager) {
        RestorePlan plan = manager.plan(options.request(in, choice.of(in, options.named())));
        if (plan.permitsRestore() && !yes) {
            Confirmation.ask(
                    in,
                    plan.snapshot().id(),
                    PlanAnswer.of(plan, in.configuration()),
                    "Replace the live data by that of " + plan.snapshot().id() + "?");
        }
        try {
            RestoreReport report = manager.restore(plan);
            return RestoreAnswer.of(report, in.configuration());
        } catch (RestoreRefusedException e) {
            if (e.verdict().orElse(null) instanceof RestoreVerdict.TooOld old) {
                throw tooOld(plan, old);
            }
            throw e;
        }
    }

    /** The SDK names the override for programs; here it is an option. */
    private static RestoreRefusedException tooOld(RestorePlan plan, RestoreVerdict.TooOld verdict) {
        return new RestoreRefusedException(
                plan.snapshot().id(),
                "Snapshot '" + plan.snapshot().id() + "' is " + verdict.age().toSeconds() + " s old, at most "
                        + verdict.maxAge().toSeconds() + " s is allowed",
                "Choose a newer one, or approve of it with " + Verdicts.APPROVAL,
                verdict);
    }
}
