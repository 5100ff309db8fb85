package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.core.inspect.GoodSnapshots;
import dev.cairn.backup.spi.Mark;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot: what {@code show} answers, and an element of what {@code list} does.
 *
 * @param id its id
 * @param sequence its place in the repository's order
 * @param createdAt when it was taken
 * @param trigger {@code MANUAL}, {@code PERIODIC} or {@code SHUTDOWN}
 * @param schedule the schedule that took it, or null
 * @param label its label, or null
 * @param sizeBytes content bytes of all datasets
 * @param projectionVersion the host's version, or null
 * @param lineage the installation that it belongs to
 * @param parent the snapshot before it, or null
 * @param safetyFor the snapshot whose restore it was taken for, or null
 * @param lastVerified when it was last read back and found right, or null
 * @param objection why {@code latest} never means it, such as {@code suspect: …}, {@code abandoned: …} or {@code safety for …}, or null
 * @param pins why it is never pruned: who pinned it, and the reason
 * @param datasets what it holds
 */
public record SnapshotAnswer(
        String id,
        long sequence,
        String createdAt,
        String trigger,
        @Nullable String schedule,
        @Nullable String label,
        long sizeBytes,
        @Nullable Long projectionVersion,
        String lineage,
        @Nullable String parent,
        @Nullable String safetyFor,
        @Nullable String lastVerified,
        @Nullable String objection,
        List<String> pins,
        List<DatasetAnswer> datasets)
        implements Answer {

    /**
     * A dataset in a snapshot.
     *
     * @param name its name
     * @param kind {@code files}, {@code sqlite}, {@code tables}, {@code state} or another
     * @param present false if it was optional and missing
     * @param entries number of entries
     * @param bytes content bytes
     * @param counts named counts
     */
    public record DatasetAnswer(
            String name, String kind, boolean present, long entries, long bytes, Map<String, Long> counts) {

        static DatasetAnswer of(DatasetSummary dataset) {
            return new DatasetAnswer(
                    dataset.name(),
                    dataset.kind(),
                    dataset.present(),
                    dataset.entries(),
                    dataset.bytes(),
                    new TreeMap<>(dataset.counts()));
        }
    }

    /** A snapshot of that manager. */
    static SnapshotAnswer of(SnapshotManager manager, SnapshotMetadata metadata) {
        List<Mark> marks = manager.marks(metadata.id());
        return new SnapshotAnswer(
                metadata.id().value(),
                metadata.sequence(),
                metadata.createdAt().toString(),
                metadata.trigger().name(),
                metadata.schedule().orElse(null),
                metadata.label().orElse(null),
                metadata.sizeBytes(),
                metadata.projectionVersion().isPresent()
                        ? metadata.projectionVersion().getAsLong()
                        : null,
                metadata.lineage(),
                metadata.parent().map(SnapshotId::value).orElse(null),
                metadata.safetyFor().map(SnapshotId::value).orElse(null),
                newest(marks, Mark.Kind.VERIFIED),
                GoodSnapshots.objection(metadata, marks).orElse(null),
                marks.stream()
                        .filter(mark -> mark.kind() == Mark.Kind.PINNED)
                        .map(mark -> mark.holder() + ": " + mark.reason())
                        .toList(),
                metadata.datasets().stream().map(DatasetAnswer::of).toList());
    }

    /** Marks come oldest first. */
    private static @Nullable String newest(List<Mark> marks, Mark.Kind kind) {
        return marks.stream()
                .filter(mark -> mark.kind() == kind)
                .reduce((older, newer) -> newer)
                .map(mark -> mark.at().toString())
                .orElse(null);
    }

    /** In a word or two: what is said against it, and that it is pinned. */
    String state() {
        String against = objection == null || safetyFor != null ? "" : objection.substring(0, objection.indexOf(':'));
        String pinned = pins.isEmpty() ? "" : "pinned";
        return against.isEmpty() || pinned.isEmpty() ? against + pinned : against + ", " + pinned;
    }

    @Override
    public void print(Page page) {
        page.line(id + " of " + Texts.time(Instant.parse(createdAt)) + ", " + origin() + ", " + Texts.bytes(sizeBytes));
        if (label != null) {
            page.item("label: " + label);
        }
        if (projectionVersion != null) {
            page.line("host's version: " + projectionVersion);
        }
        page.line("last verified: " + (lastVerified == null ? "never" : Texts.time(Instant.parse(lastVerified))));
        if (objection != null && safetyFor == null) {
            page.warning(objection);
        }
        pins.forEach(pin -> page.item("pinned by " + pin));
        page.line("lineage: " + lineage + (parent == null ? "" : ", after " + parent));
        page.table(
                List.of("DATASET", "KIND", "ENTRIES", "SIZE", "COUNTS"),
                datasets.stream()
                        .map(dataset -> List.of(
                                dataset.name(),
                                dataset.kind(),
                                dataset.present() ? Long.toString(dataset.entries()) : "absent",
                                Texts.bytes(dataset.bytes()),
                                counts(dataset)))
                        .toList());
    }

    @Override
    public void printQuietly(Page page) {
        page.line(id);
    }

    /** Why it was taken. */
    String origin() {
        if (safetyFor != null) {
            return "safety for " + safetyFor;
        }
        return schedule == null ? trigger.toLowerCase(java.util.Locale.ROOT) : "schedule " + schedule;
    }

    private static String counts(DatasetAnswer dataset) {
        return String.join(
                ", ",
                dataset.counts().entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .toList());
    }
}
