package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.core.inspect.SnapshotComparison;
import dev.cairn.backup.core.inspect.SnapshotDifference;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two snapshots. */
@Command(
        name = "diff",
        description =
                "Tell what the second snapshot has added, removed and changed against the first. Exit code 4 if anything. "
                        + "Reads only; the host may run.")
public final class DiffCommand extends Subcommand {

    @Parameters(index = "0", paramLabel = "A", description = "A snapshot: its id, or 'latest'.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    private String second = "";

    @Option(names = "--dataset", paramLabel = "NAME", description = "Only this dataset; repeatable.")
    private List<String> datasets = new ArrayList<>();

    @Option(
            names = "--below",
            paramLabel = "PATH",
            description = "Only what is at this path and below it, in each dataset that is compared.")
    private String below = "";

    @Option(names = "--attributes", description = "Also times, modes, owners and groups.")
    private boolean attributes;

    /** Made by picocli. */
    DiffCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        EntryPath top = EntryPath.of(below);
        try (SnapshotRepository repository = in.reading();
                SnapshotReader before = repository.read(SnapshotChoice.of(in, repository, first, datasets));
                SnapshotReader after = repository.read(SnapshotChoice.of(in, repository, second, datasets))) {
            SnapshotComparison comparison =
                    SnapshotComparison.of(before, after).below(top).cancellation(in.cancellation());
            if (!datasets.isEmpty()) {
                comparison = comparison.datasets(DatasetSelection.only(datasets.toArray(String[]::new)));
            }
            if (attributes) {
                comparison = comparison.withAttributes();
            }
            List<DiffAnswer.ChangeAnswer> changes = new ArrayList<>();
            SnapshotDifference difference = comparison.run(change -> changes.add(DiffAnswer.ChangeAnswer.of(change)));
            return DiffAnswer.of(difference, changes);
        }
    }
}
