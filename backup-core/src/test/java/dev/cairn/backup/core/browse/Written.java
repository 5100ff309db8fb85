package dev.cairn.backup.core.browse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.TestScratch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Steps that the tests of this package share: writing a snapshot, reading it whole, and forging its manifest. */
public final class Written {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ZEROS = "0".repeat(64);

    private Written() {}

    public static SnapshotMetadata snapshot(SnapshotRepository repository, String id, FakeDataset... datasets) {
        try (SnapshotWriter writer = repository.begin(sequence -> SnapshotId.of(id))) {
            return commit(writer, datasets);
        }
    }

    public static SnapshotMetadata commit(SnapshotWriter writer, FakeDataset... datasets) {
        List<DatasetSummary> summaries = new ArrayList<>();
        for (FakeDataset dataset : datasets) {
            try (PreparedCapture prepared =
                            dataset.prepare(context(writer.id())).orElseThrow();
                    FrozenView view = prepared.freeze()) {
                summaries.add(
                        writer.write(dataset, view, Optional.empty(), (entries, bytes) -> {}, new CancellationToken()));
            }
        }
        SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.parse("2026-02-18T09:00:00.123Z"))
                .sequence(writer.sequence())
                .projectionVersion(7)
                .label("a label")
                .datasets(summaries)
                .build();
        writer.commit(new SnapshotManifest(metadata, Duration.ofMillis(1), Map.of(), List.of("a warning")));
        return metadata;
    }

    static CaptureContext context(SnapshotId id) {
        return RecordingCaptureContext.of(id, TestScratch.in(java.nio.file.Path.of("never-used")));
    }

    /** Every content of a snapshot, read to its end. */
    public static Map<String, String> contents(SnapshotRepository repository, String id) {
        Map<String, String> contents = new TreeMap<>();
        try (SnapshotReader reader = repository.read(SnapshotId.of(id))) {
            for (DatasetSummary summary : reader.manifest().metadata().datasets()) {
                try (EntryCursor cursor = reader.dataset(summary.name()).entries()) {
                    for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                        try (InputStream in = entry.content().open()) {
                            contents.put(
                                    summary.name() + "/" + entry.path(),
                                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    static BlobName manifest(String id) {
        return BlobName.of(id + "/manifest.json");
    }

    static JsonNode json(MemoryBlobStore store, String id) {
        try {
            return JSON.readTree(store.bytes(manifest(id)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The manifest as whoever may write to the store could forge it: with a digest that is right again. */
    static byte[] forged(JsonNode manifest) {
        try {
            ((ObjectNode) manifest).put("digest", "sha256:" + ZEROS);
            String blank = JSON.writeValueAsString(manifest);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blank.getBytes(StandardCharsets.UTF_8));
            return blank.replaceFirst(ZEROS, HexFormat.of().formatHex(digest)).getBytes(StandardCharsets.UTF_8);
        } catch (IOException | java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
