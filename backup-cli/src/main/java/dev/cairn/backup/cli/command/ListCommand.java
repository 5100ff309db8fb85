package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists snapshots. */
@Command(name = "list", description = "List the snapshots, oldest first.")
public final class ListCommand extends Subcommand {

    @Option(
            names = "--all",
            description = "Also those of other installations in the same repository, such as the one that was lost.")
    private boolean all;

    /** Made by picocli. */
    ListCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.standIn()) {
            SnapshotManager manager = session.manager();
            return SnapshotList.of(manager, all ? manager.listAll() : manager.list());
        }
    }
}
