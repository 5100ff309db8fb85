package dev.cairn.backup.core.packed.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code cairn.json}: which format, which repository, and what an implementation must know for each operation.
 *
 * @param repository 16 random bytes in hexadecimal
 * @param features for {@code read}, {@code write}, {@code delete} and {@code check} the names of required features
 */
public record Description(String repository, Map<String, List<String>> features) {

    /** The format's name. */
    public static final String FORMAT = "cairn-packed";

    /** The greatest version that is known. */
    public static final long VERSION = 1;

    private static final List<String> OPERATIONS = List.of("read", "write", "delete", "check");
    private static final int MOST_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the features. */
    public Description {
        features = Map.copyOf(features);
    }

    /** The repository's id as bytes. */
    public byte[] id() {
        return HexFormat.of().parseHex(repository);
    }

    /** The description in the store; empty if there is none and nothing else either. */
    public static Optional<Description> find(BlobStore blobs) {
        byte[] bytes;
        try {
            bytes = Layout.read(blobs, Layout.DESCRIPTION, MOST_BYTES);
        } catch (BlobNotFoundException e) {
            for (String folder : List.of(Layout.SNAPSHOTS, Layout.PACKS, Layout.INDEX)) {
                if (!blobs.children(folder).isEmpty()) {
                    throw new DamagedRepositoryException(
                            Layout.DESCRIPTION.value(),
                            "is missing in " + blobs.describe() + ", which holds other parts of a repository",
                            e);
                }
            }
            return Optional.empty();
        }
        return Optional.of(parse(bytes));
    }

    private static Description parse(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new DamagedRepositoryException(Layout.DESCRIPTION.value(), "cannot be parsed", e);
        }
        if (json == null
                || !json.path("format").asText().equals(FORMAT)
                || !json.path("version").canConvertToLong()) {
            throw new DamagedRepositoryException(
                    Layout.DESCRIPTION.value(), "does not describe a packed repository", null);
        }
        if (json.path("version").asLong() > VERSION) {
            throw new UnsupportedFormatException(
                    "The packed repository", json.path("version").asLong(), VERSION, null);
        }
        String repository = json.path("repository").asText();
        if (!repository.matches("[0-9a-f]{32}")) {
            throw new DamagedRepositoryException(Layout.DESCRIPTION.value(), "has no repository id", null);
        }
        Map<String, List<String>> features = new LinkedHashMap<>();
        for (String operation : OPERATIONS) {
            List<String> names = new ArrayList<>();
            json.path("features").path(operation).forEach(name -> names.add(name.asText()));
            features.put(operation, List.copyOf(names));
        }
        return new Description(repository, features);
    }

    /**
     * Puts it into an empty store.
     *
     * @return false if another process was faster
     */
    public boolean create(BlobStore blobs, Instant now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", FORMAT);
        json.put("version", VERSION);
        json.put("repository", repository);
        json.put("created", now.toString());
        Map<String, List<String>> required = new LinkedHashMap<>();
        OPERATIONS.forEach(operation -> required.put(operation, features.getOrDefault(operation, List.of())));
        json.put("features", required);
        try {
            return blobs.putIfAbsent(Layout.DESCRIPTION, BlobContent.of(JSON.writeValueAsBytes(json)))
                    == PutOutcome.CREATED;
        } catch (IOException e) {
            throw new IllegalStateException("text cannot be written as JSON", e);
        }
    }

    /**
     * Refuses an operation that needs what this version does not know.
     *
     * @param operation {@code read}, {@code write}, {@code delete} or {@code check}
     */
    public void requireKnown(String operation) {
        List<String> unknown = features.getOrDefault(operation, List.of());
        if (!unknown.isEmpty()) {
            throw new UnsupportedFormatException(
                    "To " + operation + " this repository, which needs the features " + unknown + ",",
                    VERSION + 1,
                    VERSION,
                    null);
        }
    }
}
