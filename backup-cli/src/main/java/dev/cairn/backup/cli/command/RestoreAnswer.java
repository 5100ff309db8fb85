package dev.cairn.backup.cli.command;

import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.spi.EntryPath;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code restore} and {@code rollback} answer. Kept in a file, it is what {@code rollback FILE} takes.
 *
 * @param restoreId its id
 * @param snapshot the snapshot that was restored; of a rollback from what the restore had put aside, what the state before it is called
 * @param verdict {@code ok} or, with an approval, {@code too_old}
 * @param approvedBy who approved of its age, or null
 * @param safetySnapshot the pinned snapshot of the state before, or null
 * @param datasets the datasets that were replaced
 * @param paths of which datasets only these paths were
 * @param pending the datasets whose values wait for the host's next start
 * @param epoch the timeline epoch that the host resumes in
 * @param startedAt when it began
 * @param elapsedMillis how long it took
 * @param stepsMillis how long each step took, in order
 * @param warnings what the operator should know
 */
public record RestoreAnswer(
        String restoreId,
        String snapshot,
        String verdict,
        @Nullable String approvedBy,
        @Nullable String safetySnapshot,
        List<String> datasets,
        Map<String, List<String>> paths,
        List<String> pending,
        String epoch,
        String startedAt,
        long elapsedMillis,
        Map<String, Long> stepsMillis,
        List<String> warnings)
        implements Answer {

    static RestoreAnswer of(RestoreReport report, Configuration configuration) {
        Map<String, List<String>> paths = new TreeMap<>();
        report.paths()
                .forEach((dataset, only) ->
                        paths.put(dataset, only.stream().map(EntryPath::value).toList()));
        Map<String, Long> steps = new LinkedHashMap<>();
        report.steps().forEach((step, took) -> steps.put(step, took.toMillis()));
        return new RestoreAnswer(
                report.restoreId(),
                report.snapshot().id().value(),
                Verdicts.code(report.verdict()),
                report.approval().map(RestoreRequest.Approval::operator).orElse(null),
                report.safetySnapshot().map(SnapshotId::value).orElse(null),
                report.datasets(),
                paths,
                Pending.of(configuration, report.datasets()),
                report.epoch().toString(),
                report.startedAt().toString(),
                report.elapsed().toMillis(),
                steps,
                report.warnings());
    }

    @Override
    public void print(Page page) {
        page.good(restoreId + ": " + String.join(", ", datasets) + " as in " + snapshot + ", in "
                + Texts.duration(Duration.ofMillis(elapsedMillis)));
        if (safetySnapshot != null) {
            page.line("the state before is in " + safetySnapshot);
        }
        page.line("to take it back: cairn rollback " + restoreId);
        warnings.forEach(page::warning);
        if (!pending.isEmpty()) {
            page.warning(String.join(", ", pending)
                    + " of the host's memory: the restored values wait, start the host to hand them over");
        }
    }

    @Override
    public void printQuietly(Page page) {
        page.line(restoreId);
    }

    @Override
    public ExitCode exitCode() {
        return pending.isEmpty() ? ExitCode.DONE : ExitCode.PENDING;
    }
}
