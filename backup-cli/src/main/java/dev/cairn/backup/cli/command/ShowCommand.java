package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one snapshot. */
@Command(name = "show", description = "Show one snapshot with what it holds of each dataset.")
public final class ShowCommand extends Subcommand {

    @Parameters(paramLabel = "ID", description = "The snapshot.")
    private String id = "";

    /** Made by picocli. */
    ShowCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        SnapshotId wanted = SnapshotId.of(id);
        try (Session session = in.standIn()) {
            return SnapshotAnswer.of(session.manager(), session.manager().get(wanted));
        }
    }
}
