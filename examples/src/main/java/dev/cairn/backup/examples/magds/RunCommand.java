package dev.cairn.backup.examples.magds;

import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes a backup. */
@Command(name = "run", description = "Take a backup of magds.backup.datasets.")
final class RunCommand extends Subcommand {

    @Option(names = "--label", paramLabel = "TEXT", description = "Becomes part of the id.")
    private @Nullable String label;

    /** Made by picocli. */
    RunCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        MagdsConfig config = MagdsConfigFile.read(Mag.place(in));
        if (!config.enabled()) {
            return RunAnswer.disabled();
        }
        try (MagdsBackups backups = Mag.open(in, config)) {
            SnapshotRequest request = SnapshotRequest.of()
                    .cancellation(in.cancellation())
                    .progress(in.output().progress());
            MagdsBackups.Taken taken = backups.run(Optional.ofNullable(label), request);
            return RunAnswer.of(
                    taken, backups.manifestFile(taken.report().metadata().id()).toString());
        }
    }
}
