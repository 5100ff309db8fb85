package dev.cairn.backup.cli.command;

import dev.cairn.backup.DrillReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code drill} answers.
 *
 * @param drill its id
 * @param passed whether every step passed and both targets were met
 * @param snapshot what was restored, or null if there was nothing to restore
 * @param startedAt when it began
 * @param rpoTargetMillis the greatest age that was asked for
 * @param rpoMillis the snapshot's age, or null without one
 * @param rtoTargetMillis the longest time that was asked for
 * @param rtoMillis how long it took
 * @param controlled whether a damaged copy was tried
 * @param steps what was done and asked, in order
 * @param problems why it failed; empty if it passed
 * @param notRehearsed datasets of the snapshot that are not configured here as lying on a disk, such as the host's memory, which only the host can rehearse
 * @param warnings what the operator should know
 * @param incident where the bundle of a failed drill lies, or null
 */
public record DrillAnswer(
        String drill,
        boolean passed,
        @Nullable String snapshot,
        String startedAt,
        long rpoTargetMillis,
        @Nullable Long rpoMillis,
        long rtoTargetMillis,
        long rtoMillis,
        boolean controlled,
        List<StepAnswer> steps,
        List<String> problems,
        List<String> notRehearsed,
        List<String> warnings,
        @Nullable String incident)
        implements Answer {

    /**
     * One step.
     *
     * @param name its name
     * @param outcome {@code passed}, {@code failed} or {@code not_evaluated}
     * @param elapsedMillis how long it took
     * @param detail what was found
     */
    public record StepAnswer(String name, String outcome, long elapsedMillis, String detail) {}

    static DrillAnswer of(DrillReport report, List<String> notRehearsed) {
        return new DrillAnswer(
                report.id(),
                report.passed(),
                report.snapshot().map(SnapshotId::value).orElse(null),
                report.startedAt().toString(),
                report.rpoTarget().toMillis(),
                report.rpoActual().map(Duration::toMillis).orElse(null),
                report.rtoTarget().toMillis(),
                report.rtoActual().toMillis(),
                report.controlled(),
                report.steps().stream()
                        .map(step -> new StepAnswer(
                                step.name(),
                                step.outcome().name().toLowerCase(Locale.ROOT),
                                step.elapsed().toMillis(),
                                step.detail()))
                        .toList(),
                report.problems(),
                notRehearsed,
                report.warnings(),
                report.incident().orElse(null));
    }

    @Override
    public void print(Page page) {
        page.table(
                List.of("STEP", "OUTCOME", "TOOK", "DETAIL"),
                steps.stream()
                        .map(step -> List.of(
                                step.name(),
                                step.outcome(),
                                Texts.duration(Duration.ofMillis(step.elapsedMillis())),
                                step.detail()))
                        .toList());
        problems.forEach(problem -> page.bad(problem));
        warnings.forEach(page::warning);
        if (!notRehearsed.isEmpty()) {
            page.warning("not rehearsed, for only the host has it: " + String.join(", ", notRehearsed));
        }
        String what = drill + (snapshot == null ? "" : " of " + snapshot) + ", in "
                + Texts.duration(Duration.ofMillis(rtoMillis)) + " of at most "
                + Texts.duration(Duration.ofMillis(rtoTargetMillis));
        if (passed) {
            page.good("passed: " + what);
        } else {
            page.bad("failed: " + what);
            if (incident != null) {
                page.line("what it found is in " + incident);
            }
        }
    }

    @Override
    public void printQuietly(Page page) {
        page.line(passed ? "passed" : "failed");
    }

    @Override
    public ExitCode exitCode() {
        return passed ? ExitCode.DONE : ExitCode.DAMAGE;
    }
}
