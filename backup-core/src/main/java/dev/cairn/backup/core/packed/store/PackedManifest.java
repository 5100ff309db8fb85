package dev.cairn.backup.core.packed.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.spi.SnapshotManifest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as it is stored: what the snapshot says of itself, and for each dataset the root of its listing.
 *
 * @param manifest what it says
 * @param roots the roots by dataset; a dataset without entries has none
 */
public record PackedManifest(SnapshotManifest manifest, Map<String, ChunkId> roots) {

    private static final long VERSION = 1;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** Copies the roots. */
    public PackedManifest {
        roots = Map.copyOf(roots);
    }

    /** The id. */
    public SnapshotId id() {
        return manifest.metadata().id();
    }

    /** As JSON. */
    public byte[] encode() {
        try {
            return JSON.writeValueAsBytes(File.of(this));
        } catch (IOException e) {
            throw new IllegalStateException("a manifest cannot be written as JSON", e);
        }
    }

    /**
     * From JSON.
     *
     * @param id the id under which it was found
     * @throws DamagedSnapshotException if it is no manifest of that id
     * @throws UnsupportedFormatException if it is newer
     */
    public static PackedManifest decode(SnapshotId id, byte[] json) {
        File file;
        try {
            file = JSON.readValue(json, File.class);
            if (file != null && file.formatVersion() > VERSION) {
                throw new UnsupportedFormatException("Snapshot '" + id + "'", file.formatVersion(), VERSION, id);
            }
            if (file == null
                    || !file.format().equals(Description.FORMAT)
                    || !file.id().equals(id.value())) {
                throw new DamagedSnapshotException(id, Sessions.manifest(id).value(), "is no manifest of it", null);
            }
            return file.manifest();
        } catch (UnsupportedFormatException | DamagedSnapshotException e) {
            throw e;
        } catch (IOException | BackupException | IllegalArgumentException | java.time.DateTimeException e) {
            throw new DamagedSnapshotException(id, Sessions.manifest(id).value(), "cannot be parsed: " + e, e);
        }
    }

    /** Field by field as it stands in the blob. Absent values are left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record File(
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
            List<Stored> datasets) {

        /** One that lacks a field is as good as damaged; Jackson turns the failure into one of parsing. */
        File {
            Objects.requireNonNull(format);
            Objects.requireNonNull(id);
            Objects.requireNonNull(createdAt);
            Objects.requireNonNull(trigger);
            Objects.requireNonNull(lineage);
            warnings = List.copyOf(warnings);
            datasets = List.copyOf(datasets);
        }

        static File of(PackedManifest packed) {
            SnapshotManifest manifest = packed.manifest();
            SnapshotMetadata metadata = manifest.metadata();
            OptionalLong version = metadata.projectionVersion();
            return new File(
                    Description.FORMAT,
                    VERSION,
                    metadata.id().value(),
                    metadata.sequence(),
                    metadata.createdAt().toString(),
                    version.isPresent() ? version.getAsLong() : null,
                    metadata.trigger(),
                    metadata.schedule().orElse(null),
                    metadata.label().orElse(null),
                    metadata.lineage(),
                    metadata.parent().map(SnapshotId::value).orElse(null),
                    metadata.safetyFor().map(SnapshotId::value).orElse(null),
                    manifest.barrierHeld().toNanos(),
                    metadata.sizeBytes(),
                    manifest.warnings(),
                    metadata.datasets().stream()
                            .map(summary -> Stored.of(packed, summary))
                            .toList());
        }

        PackedManifest manifest() {
            Map<String, List<String>> changed = new LinkedHashMap<>();
            Map<String, ChunkId> roots = new LinkedHashMap<>();
            for (Stored dataset : datasets) {
                if (!dataset.changedAfterCut().isEmpty()) {
                    changed.put(dataset.name(), dataset.changedAfterCut());
                }
                if (dataset.root() != null) {
                    roots.put(dataset.name(), ChunkId.ofHex(dataset.root()));
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
                    datasets.stream().map(Stored::summary).toList());
            return new PackedManifest(
                    new SnapshotManifest(metadata, Duration.ofNanos(barrierHeldNanos), changed, warnings), roots);
        }
    }

    /** One dataset in the blob. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Stored(
            String name,
            String kind,
            boolean present,
            long entries,
            long bytes,
            @Nullable String identity,
            Map<String, Long> counts,
            List<String> changedAfterCut,
            @Nullable String root) {

        Stored {
            Objects.requireNonNull(name);
            Objects.requireNonNull(kind);
            Objects.requireNonNull(counts);
            changedAfterCut = List.copyOf(changedAfterCut);
        }

        static Stored of(PackedManifest packed, DatasetSummary summary) {
            ChunkId root = packed.roots().get(summary.name());
            return new Stored(
                    summary.name(),
                    summary.kind(),
                    summary.present(),
                    summary.entries(),
                    summary.bytes(),
                    summary.identity().orElse(null),
                    new TreeMap<>(summary.counts()),
                    packed.manifest().changedAfterCut().getOrDefault(summary.name(), List.of()),
                    root == null ? null : root.hex());
        }

        DatasetSummary summary() {
            return new DatasetSummary(name, kind, present, entries, bytes, Optional.ofNullable(identity), counts);
        }
    }
}
