package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run} answers.
 *
 * @param snapshots what was taken
 * @param failures schedules that were due and could not be run
 * @param pruned how many snapshots {@code --prune} removed; what schedules removed is not in it
 * @param notIncluded datasets that only the host has, which are therefore in none of these snapshots
 */
public record RunAnswer(List<Taken> snapshots, List<Failure> failures, int pruned, List<String> notIncluded)
        implements Answer {

    /**
     * A snapshot that was taken.
     *
     * @param id its id
     * @param createdAt when
     * @param schedule the schedule that took it, or null
     * @param label its label, or null
     * @param sizeBytes content bytes
     * @param elapsedMillis how long it took, or null if that is not known
     * @param suspicions why it was marked as suspect; empty if it was not
     * @param warnings what should be known
     */
    public record Taken(
            String id,
            String createdAt,
            @Nullable String schedule,
            @Nullable String label,
            long sizeBytes,
            @Nullable Long elapsedMillis,
            List<String> suspicions,
            List<String> warnings) {

        static Taken of(SnapshotReport report) {
            return new Taken(
                    report.metadata().id().value(),
                    report.metadata().createdAt().toString(),
                    report.metadata().schedule().orElse(null),
                    report.metadata().label().orElse(null),
                    report.metadata().sizeBytes(),
                    report.elapsed().toMillis(),
                    report.suspicions(),
                    report.warnings());
        }

        Taken with(String warning) {
            List<String> more = new ArrayList<>(warnings);
            more.add(warning);
            return new Taken(id, createdAt, schedule, label, sizeBytes, elapsedMillis, suspicions, more);
        }
    }

    /**
     * A schedule that failed.
     *
     * @param schedule its name
     * @param problem why, with what to do next
     */
    public record Failure(String schedule, String problem) {}

    private static final String ALONE =
            "this is the first snapshot of this installation, and the repository holds others:"
                    + " if the state store was lost, look at 'cairn list --all' before you rely on retention";

    /** @param alone whether it is the only one of its lineage in a repository that has others */
    static RunAnswer of(SnapshotReport report, boolean alone, int pruned, List<String> notIncluded) {
        Taken taken = alone ? Taken.of(report).with(ALONE) : Taken.of(report);
        return new RunAnswer(List.of(taken), List.of(), pruned, notIncluded);
    }

    @Override
    public void print(Page page) {
        if (snapshots.isEmpty() && failures.isEmpty()) {
            page.line("nothing is due");
        }
        for (Taken taken : snapshots) {
            Long elapsed = taken.elapsedMillis();
            page.good("took " + taken.id() + (taken.schedule() == null ? "" : " by schedule " + taken.schedule()) + ", "
                    + Texts.bytes(taken.sizeBytes())
                    + (elapsed == null ? "" : " in " + Texts.duration(Duration.ofMillis(elapsed))));
            taken.suspicions()
                    .forEach(why -> page.warning(taken.id() + " is suspect: " + why
                            + "; nothing older is removed until somebody runs: cairn acknowledge " + taken.id()));
            taken.warnings().forEach(page::warning);
        }
        if (pruned > 0) {
            page.line("removed " + Texts.count(pruned, "older snapshot"));
        }
        notIncluded.forEach(
                name -> page.warning("dataset '" + name + "' is in the memory of the host and not included"));
        failures.forEach(failure -> page.bad("schedule " + failure.schedule() + " failed: " + failure.problem()));
    }

    @Override
    public void printQuietly(Page page) {
        snapshots.forEach(taken -> page.line(taken.id()));
    }

    @Override
    public ExitCode exitCode() {
        return failures.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
