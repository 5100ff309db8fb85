package dev.cairn.backup.cli.command;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.SnapshotReader;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ls} answers.
 *
 * @param snapshot the snapshot
 * @param datasets the datasets that it has, or the one that was asked for
 * @param entries what is in the folder that was asked for, in path order; null if only the snapshot was named
 * @param details whether people want to see more than paths; not part of the document
 */
public record LsAnswer(
        String snapshot,
        List<SnapshotAnswer.DatasetAnswer> datasets,
        @Nullable List<EntryAnswer> entries,
        @JsonIgnore boolean details)
        implements Answer {

    /**
     * One entry.
     *
     * @param dataset the dataset
     * @param path its place in the dataset
     * @param type {@code file}, {@code directory}, {@code symlink} or {@code hard_link}
     * @param bytes content bytes
     * @param modified when it was last modified, or null
     * @param mode its permissions in octal, such as {@code 640}, or null
     * @param owner its owner, or null
     * @param group its group, or null
     * @param target where a link leads, or null
     */
    public record EntryAnswer(
            String dataset,
            String path,
            String type,
            long bytes,
            @Nullable String modified,
            @Nullable String mode,
            @Nullable String owner,
            @Nullable String group,
            @Nullable String target) {

        static EntryAnswer of(String dataset, Entry entry) {
            return new EntryAnswer(
                    dataset,
                    entry.path().value(),
                    entry.type().name().toLowerCase(Locale.ROOT),
                    entry.size(),
                    entry.attributes().modified().map(Instant::toString).orElse(null),
                    entry.attributes().mode().isPresent()
                            ? Integer.toOctalString(entry.attributes().mode().getAsInt())
                            : null,
                    entry.attributes().owner().orElse(null),
                    entry.attributes().group().orElse(null),
                    entry.linkTarget().orElse(null));
        }

        private String shown() {
            return dataset + "/" + path + (type.equals("directory") ? "/" : "")
                    + (target == null ? "" : " -> " + target);
        }

        private List<String> row() {
            return List.of(
                    type.charAt(0) + (mode == null ? " -" : " " + mode),
                    owner == null ? "-" : owner,
                    group == null ? "-" : group,
                    Long.toString(bytes),
                    modified == null ? "-" : Texts.time(Instant.parse(modified)),
                    shown());
        }
    }

    static List<SnapshotAnswer.DatasetAnswer> datasets(SnapshotReader reader, String only) {
        return reader.manifest().metadata().datasets().stream()
                .filter(dataset -> only.isEmpty() || dataset.name().equals(only))
                .map(SnapshotAnswer.DatasetAnswer::of)
                .toList();
    }

    @Override
    public void print(Page page) {
        if (entries == null) {
            printDatasets(page);
        } else if (details && !entries.isEmpty()) {
            page.table(
                    List.of("MODE", "OWNER", "GROUP", "BYTES", "MODIFIED", "PATH"),
                    entries.stream().map(EntryAnswer::row).toList());
        } else {
            entries.forEach(entry -> page.item(entry.shown()));
        }
    }

    private void printDatasets(Page page) {
        if (details) {
            page.table(
                    List.of("KIND", "ENTRIES", "SIZE", "DATASET"),
                    datasets.stream()
                            .map(dataset -> List.of(
                                    dataset.kind(),
                                    dataset.present() ? Long.toString(dataset.entries()) : "absent",
                                    Texts.bytes(dataset.bytes()),
                                    dataset.name() + "/"))
                            .toList());
        } else {
            datasets.forEach(dataset -> page.line(dataset.name() + "/"));
        }
    }

    @Override
    public void printQuietly(Page page) {
        if (entries == null) {
            datasets.forEach(dataset -> page.line(dataset.name()));
        } else {
            entries.forEach(entry -> page.item(entry.dataset() + "/" + entry.path()));
        }
    }
}
