package dev.cairn.backup.examples.magds;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code magds:restore} answers.
 *
 * @param id the backup
 * @param dryRun whether nothing was touched
 * @param datasets what was done, or would be
 * @param safetyBackup the backup of what was there before; null if there is none
 * @param differences where the live sources, hashed after the restore, differ from the manifest
 * @param warnings what the operator should know
 * @param evidence the folder for the ticket; null for a dry run, and if anything differs
 */
public record RestoreAnswer(
        String id,
        boolean dryRun,
        List<Line> datasets,
        @Nullable String safetyBackup,
        List<String> differences,
        List<String> warnings,
        @Nullable String evidence)
        implements Answer {

    /**
     * One dataset.
     *
     * @param name its name
     * @param source where its copy lies
     * @param destination where it belongs
     * @param create entries that would be made
     * @param replace entries that would be replaced
     * @param remove entries that would go to the trash
     * @param keep entries that are as in the backup
     */
    public record Line(
            String name, String source, String destination, long create, long replace, long remove, long keep) {

        static Line of(DatasetPlan plan, BackupManifest manifest) {
            BackupManifest.Entry entry = manifest.datasets().stream()
                    .filter(candidate -> candidate.name().equals(plan.dataset()))
                    .findFirst()
                    .orElseThrow();
            return new Line(
                    plan.dataset(),
                    entry.backup(),
                    entry.source(),
                    plan.create(),
                    plan.replace(),
                    plan.remove(),
                    plan.keep());
        }

        String text() {
            return name + ": " + source + " -> " + destination + ", create " + create + ", replace " + replace
                    + ", remove " + remove + ", keep " + keep;
        }
    }

    /** Copies the lists. */
    public RestoreAnswer {
        datasets = List.copyOf(datasets);
        differences = List.copyOf(differences);
        warnings = List.copyOf(warnings);
    }

    static RestoreAnswer dryRun(String id, List<Line> lines, List<String> warnings) {
        return new RestoreAnswer(id, true, lines, null, List.of(), warnings, null);
    }

    static RestoreAnswer done(RestoreReport report, List<Line> lines, List<String> differences) {
        return new RestoreAnswer(
                report.snapshot().id().value(),
                false,
                lines,
                report.safetySnapshot().map(SnapshotId::value).orElse(null),
                differences,
                report.warnings(),
                null);
    }

    RestoreAnswer evidence(Path folder) {
        return new RestoreAnswer(id, dryRun, datasets, safetyBackup, differences, warnings, folder.toString());
    }

    @Override
    public void print(Page page) {
        page.line(dryRun ? "dry run of " + id + ", nothing is touched:" : "restored " + id + ":");
        datasets.forEach(line -> page.line("  " + line.text()));
        warnings.forEach(page::warning);
        if (!dryRun) {
            if (safetyBackup != null) {
                page.line("what was there before: " + safetyBackup);
            }
            differences.forEach(page::bad);
            if (evidence != null) {
                page.line("evidence: " + evidence);
            }
        }
    }

    @Override
    public ExitCode exitCode() {
        return differences.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
