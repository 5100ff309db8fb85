package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pins a snapshot. */
@Command(name = "pin", description = "Keep a snapshot from being pruned until 'cairn unpin'.")
public final class PinCommand extends Subcommand {

    @Parameters(paramLabel = "ID", description = "The snapshot.")
    private String snapshot = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for whoever asks later.")
    private String reason = "";

    /** Made by picocli. */
    PinCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        SnapshotId id = SnapshotId.of(snapshot);
        try (Session session = in.standIn()) {
            SnapshotManager manager = session.manager();
            manager.pin(id, reason);
            return new Done("pinned", id.value());
        }
    }
}
