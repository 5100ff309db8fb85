package dev.cairn.backup.examples.magds;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads a backup back. */
@Command(name = "verify", description = "Read a backup back and compare every byte with its manifest.")
final class VerifyCommand extends Subcommand {

    @Option(names = "--id", paramLabel = "ID", required = true, description = "The backup.")
    private String id = "";

    /** Made by picocli. */
    VerifyCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (MagdsBackups backups = Mag.open(in, MagdsConfigFile.read(Mag.place(in)))) {
            return backups.verify(SnapshotId.of(id));
        }
    }
}
