package dev.cairn.backup.cli.command;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.core.archive.ExportReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code export} answers.
 *
 * @param snapshot the snapshot
 * @param file the archive
 * @param entries how many entries it holds
 * @param contentBytes bytes of their contents
 * @param archiveBytes its size
 * @param sha256 of the file, in hexadecimal
 * @param mac of an encrypted archive, which lies beside it in a file of the same name with {@code .mac} behind it; else null
 */
public record ExportAnswer(
        String snapshot,
        String file,
        long entries,
        long contentBytes,
        long archiveBytes,
        String sha256,
        @Nullable String mac)
        implements Answer {

    static ExportAnswer of(SnapshotId snapshot, Path file, ExportReport report) {
        return new ExportAnswer(
                snapshot.value(),
                file.toString(),
                report.entries(),
                report.contentBytes(),
                report.archiveBytes(),
                report.sha256(),
                report.mac().orElse(null));
    }

    @Override
    public void print(Page page) {
        page.good(snapshot + ": " + Texts.bytes(contentBytes) + " in " + entries + " entries, as " + file + " of "
                + Texts.bytes(archiveBytes));
        page.line("sha256 " + sha256);
        if (mac != null) {
            page.line("mac    " + mac + ", also in " + file + ".mac");
        }
    }

    @Override
    public void printQuietly(Page page) {
        page.line(sha256);
    }
}
