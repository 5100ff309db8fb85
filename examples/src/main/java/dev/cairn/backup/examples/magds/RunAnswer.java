package dev.cairn.backup.examples.magds;

import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code magds:backup run} answers.
 *
 * @param enabled whether backups are switched on; if not, nothing was done
 * @param id the backup; null if none was taken
 * @param manifestPath its manifest
 * @param manifest what that says
 * @param pruned how many old backups retention removed
 * @param warnings what the operator should know
 */
public record RunAnswer(
        boolean enabled,
        @Nullable String id,
        @Nullable String manifestPath,
        @Nullable BackupManifest manifest,
        int pruned,
        List<String> warnings)
        implements Answer {

    /** Copies the list. */
    public RunAnswer {
        warnings = List.copyOf(warnings);
    }

    static RunAnswer disabled() {
        return new RunAnswer(false, null, null, null, 0, List.of());
    }

    static RunAnswer of(MagdsBackups.Taken taken, String manifestPath) {
        List<String> warnings = new ArrayList<>(taken.report().warnings());
        warnings.addAll(taken.report().suspicions());
        return new RunAnswer(true, taken.manifest().id(), manifestPath, taken.manifest(), taken.pruned(), warnings);
    }

    @Override
    public void print(Page page) {
        if (manifest == null) {
            page.line("backups are disabled (magds.backup.enabled is false); nothing was written");
            return;
        }
        page.good("backup: " + id);
        page.line("manifest: " + manifestPath);
        manifest.datasets()
                .forEach(
                        dataset -> page.line("  " + dataset.name() + " " + dataset.algorithm() + ":" + dataset.hash()));
        if (pruned > 0) {
            page.line("pruned: " + pruned);
        }
        warnings.forEach(page::warning);
    }

    @Override
    public void printQuietly(Page page) {
        if (id != null) {
            page.line(id);
        }
    }
}
