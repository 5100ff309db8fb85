package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What {@code import} answers.
 *
 * @param snapshot the id of the new snapshot
 * @param file the archive that it was made of
 * @param createdAt when the original was taken
 * @param sizeBytes content bytes
 * @param datasets what it holds
 */
public record ImportAnswer(String snapshot, String file, String createdAt, long sizeBytes, List<String> datasets)
        implements Answer {

    static ImportAnswer of(Path file, SnapshotMetadata made) {
        return new ImportAnswer(
                made.id().value(),
                file.toString(),
                made.createdAt().toString(),
                made.sizeBytes(),
                made.datasets().stream().map(DatasetSummary::name).toList());
    }

    @Override
    public void print(Page page) {
        page.good(snapshot + " of " + Texts.time(Instant.parse(createdAt)) + ": " + String.join(", ", datasets) + ", "
                + Texts.bytes(sizeBytes));
    }

    @Override
    public void printQuietly(Page page) {
        page.line(snapshot);
    }
}
