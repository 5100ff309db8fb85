package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a snapshot. */
@Command(
        name = "delete",
        description = "Remove one snapshot, whatever retention says; never a pinned one or the last good one.")
public final class DeleteCommand extends Subcommand {

    @Parameters(paramLabel = "ID", description = "The snapshot.")
    private String snapshot = "";

    /** Made by picocli. */
    DeleteCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        SnapshotId id = SnapshotId.of(snapshot);
        try (Session session = in.operate(builder -> builder)) {
            SnapshotManager manager = session.manager();
            manager.delete(id);
            return new Done("deleted", id.value());
        }
    }
}
