package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a pin back. */
@Command(name = "unpin", description = "Let retention decide about a pinned snapshot again.")
public final class UnpinCommand extends Subcommand {

    @Parameters(paramLabel = "ID", description = "The snapshot.")
    private String snapshot = "";

    /** Made by picocli. */
    UnpinCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        SnapshotId id = SnapshotId.of(snapshot);
        try (Session session = in.standIn()) {
            SnapshotManager manager = session.manager();
            manager.unpin(id);
            return new Done("unpinned", id.value());
        }
    }
}
