package dev.cairn.backup.examples.magds;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Restores a backup. */
@Command(name = "magds:restore", description = "Restore a backup to the configured sources, all or nothing.")
final class RestoreCommand extends Subcommand {

    @Option(names = "--id", paramLabel = "ID", required = true, description = "The backup.")
    private String id = "";

    @Option(names = "--dry-run", description = "Only tell what would be done; nothing is touched.")
    private boolean dryRun;

    /** Made by picocli. */
    RestoreCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        MagdsConfig config = MagdsConfigFile.read(Mag.place(in));
        try (MagdsBackups backups = dryRun ? MagdsBackups.look(Mag.place(in), config) : Mag.open(in, config)) {
            SnapshotId target = SnapshotId.of(id);
            RestorePlan plan = backups.plan(
                    target,
                    RestoreRequest.of(target)
                            .cancellation(in.cancellation())
                            .progress(in.output().progress()));
            return dryRun ? RestoreAnswer.dryRun(id, backups.lines(plan), plan.warnings()) : backups.restore(plan);
        }
    }
}
