package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.proof.digest.ManifestProof;
import dev.cairn.backup.core.verify.ManifestRules;
import dev.cairn.backup.spi.SnapshotManifest;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as it is stored: what the snapshot says of itself, and for each dataset the root of its listing.
 *
 * @param manifest what it says
 * @param roots the roots by dataset; a dataset without entries has none
 * @param proof what the stored form proves; empty if it was not read from there
 */
public record PackedManifest(SnapshotManifest manifest, Map<String, ChunkId> roots, Optional<SnapshotProof> proof) {

    private static final long VERSION = 1;

    /** Copies the roots. */
    public PackedManifest {
        roots = Map.copyOf(roots);
    }

    /** One that is to be stored. */
    public PackedManifest(SnapshotManifest manifest, Map<String, ChunkId> roots) {
        this(manifest, roots, Optional.empty());
    }

    /** The id. */
    public SnapshotId id() {
        return manifest.metadata().id();
    }

    /** As JSON. Absent values are left out. */
    public byte[] encode() {
        SnapshotMetadata metadata = manifest.metadata();
        JsonObject json = new JsonObject()
                .put("format", Description.FORMAT)
                .put("formatVersion", VERSION)
                .put("id", metadata.id().value())
                .put("sequence", metadata.sequence())
                .put("createdAt", metadata.createdAt().toString())
                .put("projectionVersion", metadata.projectionVersion())
                .put("trigger", metadata.trigger().name())
                .put("schedule", metadata.schedule().orElse(null))
                .put("label", metadata.label().orElse(null))
                .put("lineage", metadata.lineage())
                .put("parent", metadata.parent().map(SnapshotId::value).orElse(null))
                .put("safetyFor", metadata.safetyFor().map(SnapshotId::value).orElse(null))
                .put("barrierHeldNanos", manifest.barrierHeld().toNanos())
                .put("totalBytes", metadata.sizeBytes())
                .put("warnings", manifest.warnings())
                .put(
                        "datasets",
                        metadata.datasets().stream()
                                .map(dataset -> json(
                                        dataset,
                                        manifest.changedAfterCut().getOrDefault(dataset.name(), List.of()),
                                        roots.get(dataset.name())))
                                .toList());
        return ManifestProof.add(json, manifest.previous()).toBytes();
    }

    /**
     * From JSON.
     *
     * @param id the id under which it was found
     * @throws DamagedSnapshotException if it is no manifest of that id
     * @throws UnsupportedFormatException if it is newer
     */
    public static PackedManifest decode(SnapshotId id, byte[] bytes) {
        try {
            JsonObject json = JsonObject.parse(bytes);
            if (json.number("formatVersion") > VERSION) {
                throw new UnsupportedFormatException(
                        "Snapshot '" + id + "'", json.number("formatVersion"), VERSION, id);
            }
            if (!json.text("format").equals(Description.FORMAT)
                    || !json.text("id").equals(id.value())) {
                throw new DamagedSnapshotException(id, Sessions.manifest(id).value(), "is no manifest of it", null);
            }
            return read(id, json);
        } catch (UnsupportedFormatException | DamagedSnapshotException e) {
            throw e;
        } catch (IOException | BackupException | IllegalArgumentException | DateTimeException e) {
            throw new DamagedSnapshotException(id, Sessions.manifest(id).value(), "cannot be parsed: " + e, e);
        }
    }

    private static PackedManifest read(SnapshotId id, JsonObject json) throws JsonFormatException {
        Map<String, List<String>> changed = new LinkedHashMap<>();
        Map<String, ChunkId> roots = new LinkedHashMap<>();
        List<DatasetSummary> datasets = new ArrayList<>();
        for (JsonObject dataset : json.objects("datasets")) {
            DatasetSummary summary = summary(dataset);
            datasets.add(summary);
            List<String> paths = dataset.texts("changedAfterCut");
            if (!paths.isEmpty()) {
                changed.put(summary.name(), paths);
            }
            dataset.optionalText("root").ifPresent(root -> roots.put(summary.name(), ChunkId.ofHex(root)));
        }
        SnapshotMetadata metadata = new SnapshotMetadata(
                id,
                json.number("sequence"),
                Instant.parse(json.text("createdAt")),
                json.optionalNumber("projectionVersion"),
                SnapshotTrigger.valueOf(json.text("trigger")),
                json.optionalText("schedule"),
                json.optionalText("label"),
                json.number("totalBytes"),
                json.text("lineage"),
                json.optionalText("parent").map(SnapshotId::of),
                json.optionalText("safetyFor").map(SnapshotId::of),
                datasets);
        Duration held = Duration.ofNanos(json.number("barrierHeldNanos"));
        SnapshotProof proof = ManifestProof.of(json);
        return new PackedManifest(
                ManifestRules.checked(
                        new SnapshotManifest(metadata, held, changed, json.texts("warnings"), proof.previous())),
                roots,
                Optional.of(proof));
    }

    private static JsonObject json(DatasetSummary dataset, List<String> changed, @Nullable ChunkId root) {
        JsonObject json = new JsonObject()
                .put("name", dataset.name())
                .put("kind", dataset.kind())
                .put("present", dataset.present())
                .put("entries", dataset.entries())
                .put("bytes", dataset.bytes())
                .put("identity", dataset.identity().orElse(null))
                .put("counts", new TreeMap<>(dataset.counts()))
                .put("changedAfterCut", changed)
                .put("root", root == null ? null : root.hex());
        dataset.log()
                .ifPresent(log -> json.put(
                        "log", new JsonObject().put("timeline", log.timeline()).put("transaction", log.transaction())));
        return json;
    }

    private static DatasetSummary summary(JsonObject json) throws JsonFormatException {
        return new DatasetSummary(
                json.text("name"),
                json.text("kind"),
                json.flag("present"),
                json.number("entries"),
                json.number("bytes"),
                json.optionalText("identity"),
                json.numbers("counts"),
                json.has("log") ? Optional.of(position(json.object("log"))) : Optional.empty());
    }

    private static LogPosition position(JsonObject json) throws JsonFormatException {
        return new LogPosition(json.text("timeline"), json.number("transaction"));
    }
}
