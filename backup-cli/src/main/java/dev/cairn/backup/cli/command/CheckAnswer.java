package dev.cairn.backup.cli.command;

import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code check} and {@code repair} answer.
 *
 * @param depth how deep it looked: {@code manifest}, {@code presence}, {@code content} or {@code restore}
 * @param passed whether nothing was found
 * @param snapshots snapshots looked at
 * @param blobsChecked stored blobs whose bytes were read and compared
 * @param blobsLeft stored blobs that the budget left for the next time
 * @param bytesChecked stored bytes read
 * @param oldestCheck when the least recently checked blob was checked, or null
 * @param problems what is damaged or missing
 * @param lost by snapshot, the entries that it lacks, as {@code dataset/path}
 * @param warnings what should be known
 * @param actions what the repair did; null for a check
 * @param elapsedMillis how long it took
 */
public record CheckAnswer(
        String depth,
        boolean passed,
        long snapshots,
        long blobsChecked,
        long blobsLeft,
        long bytesChecked,
        @Nullable String oldestCheck,
        List<String> problems,
        Map<String, List<String>> lost,
        List<String> warnings,
        @Nullable List<String> actions,
        long elapsedMillis)
        implements Answer {

    private static final int MOST_SHOWN = 10;

    static CheckAnswer of(RepositoryReport report, @Nullable List<String> actions) {
        Map<String, List<String>> lost = new TreeMap<>();
        report.lost().forEach((id, entries) -> lost.put(id.value(), entries));
        return new CheckAnswer(
                report.depth().name().toLowerCase(Locale.ROOT),
                report.passed(),
                report.snapshots(),
                report.blobsChecked(),
                report.blobsLeft(),
                report.bytesChecked(),
                report.oldestCheck().map(Instant::toString).orElse(null),
                report.problems(),
                lost,
                report.warnings(),
                actions,
                report.elapsed().toMillis());
    }

    @Override
    public void print(Page page) {
        page.line("looked at " + Texts.count(snapshots, "snapshot") + " to the depth '" + depth + "', read "
                + Texts.count(blobsChecked, "blob") + " of " + Texts.bytes(bytesChecked) + " in "
                + Texts.duration(Duration.ofMillis(elapsedMillis))
                + (blobsLeft == 0 ? "" : ", " + blobsLeft + " left for the next time"));
        warnings.forEach(page::warning);
        printQuietly(page);
        if (actions != null) {
            actions.forEach(action -> page.line("mended: " + action));
        }
        if (passed) {
            page.good("no damage");
        }
    }

    @Override
    public void printQuietly(Page page) {
        problems.forEach(page::bad);
        lost.forEach((snapshot, entries) -> {
            page.bad(snapshot + " lacks " + (entries.size() == 1 ? "1 entry:" : entries.size() + " entries:"));
            entries.stream().limit(MOST_SHOWN).forEach(entry -> page.bad("  " + entry));
            if (entries.size() > MOST_SHOWN) {
                page.bad("  and " + (entries.size() - MOST_SHOWN) + " more; --json names them");
            }
        });
    }

    /** A repair has done its work if nothing is lost, whatever it found. */
    @Override
    public ExitCode exitCode() {
        return passed || (actions != null && lost.isEmpty()) ? ExitCode.DONE : ExitCode.DAMAGE;
    }
}
