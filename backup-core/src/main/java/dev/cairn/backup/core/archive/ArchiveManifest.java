package dev.cairn.backup.core.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.spi.SnapshotManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code cairn-manifest.json}, field by field as it stands in the file. Absent values are left out. Totals are of the datasets that the archive
 * holds.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"format", "formatVersion"})
record ArchiveManifest(
        String format,
        long formatVersion,
        String id,
        long sequence,
        String createdAt,
        @Nullable Long projectionVersion,
        SnapshotTrigger trigger,
        @Nullable String schedule,
        @Nullable String label,
        String lineage,
        @Nullable String parent,
        @Nullable String safetyFor,
        long barrierHeldNanos,
        long totalBytes,
        List<String> warnings,
        List<Held> datasets) {

    static final String FORMAT = "cairn-archive";
    static final long VERSION = 1;

    /** The rule for the names of datasets; they become the names of folders. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}");

    /** One dataset of the archive. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Held(
            String name,
            String kind,
            boolean present,
            long entries,
            long bytes,
            @Nullable String identity,
            SortedMap<String, Long> counts,
            @Nullable LogPosition log,
            List<String> changedAfterCut) {

        Held {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is no name of a dataset");
            }
            if (entries < 0 || bytes < 0 || (!present && (entries + bytes > 0 || log != null))) {
                throw new IllegalArgumentException(
                        "dataset '" + name + "' has " + entries + " entries and " + bytes + " bytes");
            }
            Objects.requireNonNull(kind, "kind");
            counts.forEach((count, value) -> Objects.requireNonNull(value, count));
            changedAfterCut = List.copyOf(changedAfterCut);
        }

        DatasetSummary summary() {
            return new DatasetSummary(
                    name,
                    kind,
                    present,
                    entries,
                    bytes,
                    Optional.ofNullable(identity),
                    counts,
                    Optional.ofNullable(log));
        }
    }

    ArchiveManifest {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(trigger, "trigger");
        Objects.requireNonNull(lineage, "lineage");
        warnings = List.copyOf(warnings);
        datasets = List.copyOf(datasets);
        Set<String> names = new HashSet<>();
        long sum = 0;
        for (Held dataset : datasets) {
            if (!names.add(dataset.name())) {
                throw new IllegalArgumentException("dataset '" + dataset.name() + "' is there twice");
            }
            sum = Math.addExact(sum, dataset.bytes());
        }
        if (sum != totalBytes) {
            throw new IllegalArgumentException("the datasets have " + sum + " bytes, not " + totalBytes);
        }
    }

    /** What an archive of these datasets of the snapshot says. */
    static ArchiveManifest of(SnapshotManifest manifest, List<DatasetSummary> chosen) {
        SnapshotMetadata metadata = manifest.metadata();
        return new ArchiveManifest(
                FORMAT,
                VERSION,
                metadata.id().value(),
                metadata.sequence(),
                metadata.createdAt().toString(),
                metadata.projectionVersion().isPresent()
                        ? metadata.projectionVersion().getAsLong()
                        : null,
                metadata.trigger(),
                metadata.schedule().orElse(null),
                metadata.label().orElse(null),
                metadata.lineage(),
                metadata.parent().map(SnapshotId::value).orElse(null),
                metadata.safetyFor().map(SnapshotId::value).orElse(null),
                manifest.barrierHeld().toNanos(),
                chosen.stream().mapToLong(DatasetSummary::bytes).sum(),
                manifest.warnings(),
                chosen.stream()
                        .map(summary -> new Held(
                                summary.name(),
                                summary.kind(),
                                summary.present(),
                                summary.entries(),
                                summary.bytes(),
                                summary.identity().orElse(null),
                                new TreeMap<>(summary.counts()),
                                summary.log().orElse(null),
                                manifest.changedAfterCut().getOrDefault(summary.name(), List.of())))
                        .toList());
    }

    /** The snapshot as it was in the repository that it was exported from. */
    SnapshotManifest original() {
        Map<String, List<String>> changed = new LinkedHashMap<>();
        datasets.stream()
                .filter(dataset -> !dataset.changedAfterCut().isEmpty())
                .forEach(dataset -> changed.put(dataset.name(), dataset.changedAfterCut()));
        SnapshotMetadata metadata = new SnapshotMetadata(
                SnapshotId.of(id),
                sequence,
                Instant.parse(createdAt),
                projectionVersion == null ? OptionalLong.empty() : OptionalLong.of(projectionVersion),
                trigger,
                Optional.ofNullable(schedule),
                Optional.ofNullable(label),
                totalBytes,
                lineage,
                Optional.ofNullable(parent).map(SnapshotId::of),
                Optional.ofNullable(safetyFor).map(SnapshotId::of),
                datasets.stream().map(Held::summary).toList());
        return new SnapshotManifest(metadata, Duration.ofNanos(barrierHeldNanos), changed, warnings);
    }
}
