package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.config.DurationText;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rehearses a restore. */
@Command(
        name = "drill",
        description =
                "Restore a snapshot into a private folder, compare every byte, measure it all, remove it. Touches no live "
                        + "data. What is in the host's memory only the host can rehearse.")
public final class DrillCommand extends Subcommand {

    @Mixin
    private SnapshotChoice choice = new SnapshotChoice();

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Only this dataset; repeatable. Default: all of the snapshot that lie on disk.")
    private List<String> datasets = new ArrayList<>();

    @Option(names = "--rpo", paramLabel = "TIME", description = "The greatest age of the snapshot, such as 24h.")
    private String rpo = "24h";

    @Option(names = "--rto", paramLabel = "TIME", description = "The longest time that it may take, such as 30m.")
    private String rto = "30m";

    @Option(
            names = "--control",
            description = "Also damage a copy on purpose: the checks prove nothing unless they find it.")
    private boolean control;

    /** Made by picocli. */
    DrillCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.standIn()) {
            SnapshotManager manager = session.manager();
            SnapshotMetadata snapshot = manager.get(choice.of(in, datasets));
            List<String> held = snapshot.datasets().stream()
                    .filter(DatasetSummary::present)
                    .map(DatasetSummary::name)
                    .toList();
            List<String> ofHost = Pending.of(in.configuration(), held);
            Set<String> chosen = new LinkedHashSet<>(datasets);
            if (datasets.isEmpty()) {
                chosen.addAll(held);
                chosen.removeAll(ofHost);
            }
            DrillRequest request = DrillRequest.of(snapshot.id())
                    .objectives(DurationText.parse("--rpo", rpo), DurationText.parse("--rto", rto))
                    .cancellation(in.cancellation());
            request =
                    chosen.isEmpty() ? request : request.datasets(DatasetSelection.only(chosen.toArray(String[]::new)));
            return DrillAnswer.of(
                    manager.drill(control ? request.withControl() : request), datasets.isEmpty() ? ofHost : List.of());
        }
    }
}
