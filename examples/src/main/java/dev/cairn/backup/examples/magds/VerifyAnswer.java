package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code magds:backup verify} answers.
 *
 * @param id the backup
 * @param passed whether every byte was as the manifest says
 * @param lastVerifiedAt when it was last verified with success; null if it never was
 * @param bytes how much was read
 * @param problems what is wrong, each with the file it is about
 * @param warnings such as a configured dataset that the backup lacks
 * @param manifest the manifest; null if it failed
 * @param evidence the folder for the ticket; null if it failed
 */
public record VerifyAnswer(
        String id,
        boolean passed,
        @JsonProperty("last_verified_at") @Nullable String lastVerifiedAt,
        long bytes,
        List<String> problems,
        List<String> warnings,
        @Nullable BackupManifest manifest,
        @Nullable String evidence)
        implements Answer {

    /** Copies the lists. */
    public VerifyAnswer {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    static VerifyAnswer passed(VerificationReport report, BackupManifest manifest) {
        return new VerifyAnswer(
                report.snapshot().value(),
                true,
                manifest.lastVerifiedAt(),
                report.bytes(),
                List.of(),
                report.warnings(),
                manifest,
                null);
    }

    static VerifyAnswer failed(VerificationReport report) {
        return new VerifyAnswer(
                report.snapshot().value(),
                false,
                null,
                report.bytes(),
                report.problems(),
                report.warnings(),
                null,
                null);
    }

    VerifyAnswer evidence(Path folder) {
        return new VerifyAnswer(id, passed, lastVerifiedAt, bytes, problems, warnings, manifest, folder.toString());
    }

    @Override
    public void print(Page page) {
        if (passed) {
            page.good("verified " + id + ": " + bytes + " bytes are as the manifest says");
            page.line("last_verified_at: " + lastVerifiedAt);
            page.line("evidence: " + evidence);
        } else {
            page.bad("NOT verified " + id);
            problems.forEach(problem -> page.bad("  " + problem));
        }
        warnings.forEach(page::warning);
    }

    @Override
    public ExitCode exitCode() {
        return passed ? ExitCode.DONE : ExitCode.FAILED;
    }
}
