package dev.cairn.backup.cli.command;

import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Applies retention. */
@Command(name = "prune", description = "Remove the snapshots that retention does not keep, and free their space.")
public final class PruneCommand extends Subcommand {

    @Option(
            names = {"-n", "--dry-run"},
            description = "Remove nothing; say what would go and what stays, with the reasons.")
    private boolean dryRun;

    /** Made by picocli. */
    PruneCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.operate(builder -> builder)) {
            SnapshotManager manager = session.manager();
            List<RetentionDecision> decisions = manager.retention();
            if (dryRun) {
                return PruneAnswer.of(true, decisions, decision -> !decision.kept());
            }
            manager.prune();
            Set<SnapshotId> left =
                    manager.list().stream().map(SnapshotMetadata::id).collect(Collectors.toSet());
            return PruneAnswer.of(false, decisions, decision -> !left.contains(decision.snapshot()));
        }
    }
}
