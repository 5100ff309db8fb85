package dev.cairn.backup.cli.command;

import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Duration;
import java.util.List;

/**
 * What {@code verify} answers.
 *
 * @param snapshots one for each that was read
 */
public record VerifyAnswer(List<One> snapshots) implements Answer {

    /**
     * A snapshot that was read.
     *
     * @param id its id
     * @param passed whether all was read and all was right
     * @param entries entries read
     * @param bytes content bytes read
     * @param elapsedMillis how long it took
     * @param warnings what should be known, such as a configured dataset that it lacks
     * @param problems what is damaged or missing
     */
    public record One(
            String id,
            boolean passed,
            long entries,
            long bytes,
            long elapsedMillis,
            List<String> warnings,
            List<String> problems) {

        static One of(VerificationReport report) {
            return new One(
                    report.snapshot().value(),
                    report.passed(),
                    report.entries(),
                    report.bytes(),
                    report.elapsed().toMillis(),
                    report.warnings(),
                    report.problems());
        }

        static One unreadable(String id, String reason) {
            return new One(id, false, 0, 0, 0, List.of(), List.of(reason));
        }
    }

    @Override
    public void print(Page page) {
        if (snapshots.isEmpty()) {
            page.line("there is nothing to verify");
        }
        for (One one : snapshots) {
            if (one.passed()) {
                page.good(one.id() + " is right: " + one.entries() + " entries, " + Texts.bytes(one.bytes()) + " in "
                        + Texts.duration(Duration.ofMillis(one.elapsedMillis())));
            } else {
                page.bad(one.id() + " is damaged:");
                one.problems().forEach(problem -> page.bad("  " + problem));
            }
            one.warnings().forEach(page::warning);
        }
    }

    @Override
    public void printQuietly(Page page) {
        snapshots.stream().filter(one -> !one.passed()).forEach(one -> page.line(one.id()));
    }

    @Override
    public ExitCode exitCode() {
        return snapshots.stream().allMatch(One::passed) ? ExitCode.DONE : ExitCode.DAMAGE;
    }
}
