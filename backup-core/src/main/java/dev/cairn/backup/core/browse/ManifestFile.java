package dev.cairn.backup.core.browse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.spi.SnapshotManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code manifest.json}, field by field as it stands in the file. Absent values are left out.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ManifestFile(
        String digest,
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
        @Nullable String root,
        @Nullable List<StoredLink> previous,
        long barrierHeldNanos,
        List<String> includedPaths,
        long fileCount,
        long totalBytes,
        String checksumAlgorithm,
        List<String> warnings,
        List<StoredDataset> datasets) {

    static final String FORMAT = "cairn-browsable";
    static final long VERSION = 1;

    /** One dataset in the file; {@code source} is the URI of where it lay when the snapshot was taken, null for one in memory. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StoredDataset(
            String name,
            String kind,
            boolean present,
            long entries,
            long bytes,
            @Nullable String identity,
            @JsonDeserialize(using = StoredCounts.class) Map<String, Long> counts,
            @Nullable LogPosition log,
            @Nullable String source,
            List<String> changedAfterCut,
            @Nullable String root,
            List<StoredEntry> listing) {

        StoredDataset {
            requirePresent(name, kind, counts);
            changedAfterCut = List.copyOf(changedAfterCut);
            listing = List.copyOf(listing);
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

    /** A snapshot that this one continues. */
    record StoredLink(String id, long sequence, String digest) {

        static StoredLink of(SnapshotLink link) {
            return new StoredLink(link.id().value(), link.sequence(), link.digest());
        }

        SnapshotLink link() {
            return new SnapshotLink(SnapshotId.of(id), sequence, digest);
        }
    }

    /** A file that lacks a field is as good as damaged; Jackson turns the failure into one of parsing. */
    ManifestFile {
        requirePresent(format, id, createdAt, trigger, lineage, includedPaths, checksumAlgorithm);
        includedPaths = List.copyOf(includedPaths);
        warnings = List.copyOf(warnings);
        datasets = List.copyOf(datasets);
        previous = previous == null ? null : List.copyOf(previous);
    }

    private static void requirePresent(Object... fields) {
        for (Object field : fields) {
            Objects.requireNonNull(field);
        }
    }

    static ManifestFile of(
            SnapshotManifest manifest,
            String algorithm,
            Map<String, List<StoredEntry>> listings,
            Map<String, String> sources) {
        SnapshotMetadata metadata = manifest.metadata();
        List<StoredDataset> datasets = metadata.datasets().stream()
                .map(summary -> new StoredDataset(
                        summary.name(),
                        summary.kind(),
                        summary.present(),
                        summary.entries(),
                        summary.bytes(),
                        summary.identity().orElse(null),
                        new LinkedHashMap<>(summary.counts()),
                        summary.log().orElse(null),
                        sources.get(summary.name()),
                        manifest.changedAfterCut().getOrDefault(summary.name(), List.of()),
                        FileProof.root(listings.getOrDefault(summary.name(), List.of())),
                        listings.getOrDefault(summary.name(), List.of())))
                .toList();
        ManifestFile file = new ManifestFile(
                ManifestCodec.DIGEST_TO_COME,
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
                null,
                manifest.previous().isEmpty()
                        ? null
                        : manifest.previous().stream().map(StoredLink::of).toList(),
                manifest.barrierHeld().toNanos(),
                datasets.stream()
                        .filter(StoredDataset::present)
                        .map(StoredDataset::name)
                        .toList(),
                datasets.stream()
                        .flatMap(dataset -> dataset.listing().stream())
                        .filter(entry -> entry.stored() != null)
                        .count(),
                metadata.sizeBytes(),
                algorithm,
                manifest.warnings(),
                datasets);
        return file.with(FileProof.root(file));
    }

    private ManifestFile with(String datasetsRoot) {
        return new ManifestFile(
                digest,
                format,
                formatVersion,
                id,
                sequence,
                createdAt,
                projectionVersion,
                trigger,
                schedule,
                label,
                lineage,
                parent,
                safetyFor,
                datasetsRoot,
                previous,
                barrierHeldNanos,
                includedPaths,
                fileCount,
                totalBytes,
                checksumAlgorithm,
                warnings,
                datasets);
    }

    SnapshotManifest manifest() {
        Map<String, List<String>> changed = new LinkedHashMap<>();
        for (StoredDataset dataset : datasets) {
            if (!dataset.changedAfterCut().isEmpty()) {
                changed.put(dataset.name(), dataset.changedAfterCut());
            }
        }
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
                datasets.stream().map(StoredDataset::summary).toList());
        return new SnapshotManifest(
                metadata,
                Duration.ofNanos(barrierHeldNanos),
                changed,
                warnings,
                previous == null
                        ? List.of()
                        : previous.stream().map(StoredLink::link).toList());
    }
}
