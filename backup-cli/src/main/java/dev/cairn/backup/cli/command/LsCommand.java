package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.core.inspect.SnapshotContents;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what is in a snapshot. */
@Command(
        name = "ls",
        description =
                "List what is in a snapshot: its datasets, or what is in a folder of one. Reads only; the host may run.")
public final class LsCommand extends Subcommand {

    @Parameters(
            paramLabel = "ID[:DATASET[/PATH]]",
            description = "A snapshot by its id or as 'latest', and a place in it.")
    private String place = "";

    @Option(names = "-l", description = "With mode, size and time.")
    private boolean details;

    @Option(names = "-R", description = "With all that is below.")
    private boolean all;

    /** Made by picocli. */
    LsCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        EntryPlace wanted = EntryPlace.of(place);
        try (SnapshotRepository repository = in.reading();
                SnapshotReader reader =
                        repository.read(SnapshotChoice.of(in, repository, wanted.snapshot(), wanted.datasets()))) {
            boolean inside = all || !wanted.dataset().isEmpty();
            return new LsAnswer(
                    reader.manifest().metadata().id().value(),
                    LsAnswer.datasets(reader, wanted.dataset()),
                    inside ? entries(in, reader, wanted) : null,
                    details);
        }
    }

    private List<LsAnswer.EntryAnswer> entries(Invocation in, SnapshotReader reader, EntryPlace wanted) {
        SnapshotContents contents = SnapshotContents.of(reader);
        List<LsAnswer.EntryAnswer> entries = new ArrayList<>();
        for (String dataset : wanted.dataset().isEmpty() ? names(reader) : List.of(wanted.dataset())) {
            contents.folder(dataset, wanted.path()).close(); // Refuses what is not there.
            try (EntryCursor found =
                    all ? contents.tree(dataset, wanted.path()) : contents.folder(dataset, wanted.path())) {
                collect(in, dataset, found, entries);
            }
        }
        return entries;
    }

    private static List<String> names(SnapshotReader reader) {
        return reader.manifest().metadata().datasets().stream()
                .map(DatasetSummary::name)
                .toList();
    }

    private static void collect(Invocation in, String dataset, EntryCursor found, List<LsAnswer.EntryAnswer> entries) {
        for (Entry entry = found.next(); entry != null; entry = found.next()) {
            in.cancellation().throwIfCancelled("listing a snapshot");
            if (!entry.path().isRoot()) {
                entries.add(LsAnswer.EntryAnswer.of(dataset, entry));
            }
        }
    }
}
