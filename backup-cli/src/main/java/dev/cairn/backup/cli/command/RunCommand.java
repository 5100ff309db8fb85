package dev.cairn.backup.cli.command;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.config.HostDataset;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes snapshots. */
@Command(name = "run", description = "Take a snapshot now, or those that are due by schedule.")
public final class RunCommand extends Subcommand {

    /** What is wanted of one snapshot. */
    static final class Manual {

        @Option(names = "--label", paramLabel = "TEXT", description = "A label for people, at most 200 characters.")
        private @Nullable String label;

        @Option(names = "--id", paramLabel = "ID", description = "An id of your own instead of the configured naming.")
        private @Nullable String id;

        @Option(names = "--dataset", paramLabel = "NAME", description = "Only this dataset; repeatable.")
        private List<String> datasets = List.of();

        @Option(names = "--pin", description = "Keep it until 'cairn unpin', whatever retention says.")
        private boolean pin;

        @Option(names = "--prune", description = "Remove what retention does not keep, afterwards.")
        private boolean prune;

        /** Made by picocli. */
        Manual() {}
    }

    /** What is wanted of schedules. */
    static final class Scheduled {

        @Option(
                names = "--due",
                description = "Run the schedules that are due, each with its retention; made for cron and timers.")
        private boolean due;

        @Option(
                names = "--forever",
                description =
                        "Keep running schedules until Ctrl-C or SIGTERM; what happens is told on the standard error.")
        private boolean forever;

        /** Made by picocli. */
        Scheduled() {}
    }

    @ArgGroup(exclusive = false)
    private @Nullable Manual manual;

    @ArgGroup(exclusive = true)
    private @Nullable Scheduled scheduled;

    /** Made by picocli. */
    RunCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        Scheduled wanted = scheduled;
        if (wanted == null) {
            return now(in, manual == null ? new Manual() : manual);
        }
        if (manual != null) {
            throw new InvalidValueException(
                    wanted.due ? "--due" : "--forever",
                    "with --label, --id, --dataset, --pin or --prune",
                    "alone: what a schedule takes and keeps is configured");
        }
        if (in.configuration().schedules().isEmpty()) {
            throw new ConfigurationException(
                    "There are no schedules in " + in.configuration().file(), "Add /schedules, or run without --due");
        }
        return wanted.due ? DueRun.of(in) : ForeverRun.of(in);
    }

    private static Answer now(Invocation in, Manual wanted) {
        SnapshotRequest request = request(in, wanted);
        try (Session session = in.operate(builder -> builder)) {
            SnapshotManager manager = session.manager();
            SnapshotReport report = manager.create(request);
            int pruned = wanted.prune ? manager.prune() : 0;
            boolean alone = manager.list().size() == 1 && manager.listAll().size() > 1;
            List<String> missing = request.datasets().everything()
                    ? in.configuration().hostDatasets().stream()
                            .map(HostDataset::name)
                            .toList()
                    : List.of();
            return RunAnswer.of(report, alone, pruned, missing);
        }
    }

    private static SnapshotRequest request(Invocation in, Manual wanted) {
        SnapshotRequest request = SnapshotRequest.of()
                .cancellation(in.cancellation())
                .progress(in.output().progress());
        request = wanted.label == null ? request : request.label(wanted.label);
        request = wanted.id == null ? request : request.id(SnapshotId.of(wanted.id));
        request = wanted.pin ? request.pin() : request;
        if (!wanted.datasets.isEmpty()) {
            Set<String> known = in.configuration().datasets().stream()
                    .map(dataset -> dataset.name())
                    .collect(Collectors.toCollection(java.util.TreeSet::new));
            Optional<String> unknown = wanted.datasets.stream()
                    .filter(name -> !known.contains(name))
                    .findFirst();
            if (unknown.isPresent()) {
                throw new InvalidValueException("--dataset", unknown.get(), "one of those on disk: " + known);
            }
            request = request.datasets(DatasetSelection.only(wanted.datasets.toArray(String[]::new)));
        }
        return request;
    }
}
