package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        try {
            JsonObject json = JsonObject.parse(bytes);
            if (!json.text("format").equals(FORMAT)) {
                throw damaged("does not describe a packed repository", null);
            }
            long version = json.number("version");
            if (version > VERSION) {
                throw new UnsupportedFormatException("The packed repository", version, VERSION, null);
            }
            return read(json);
        } catch (IOException e) {
            throw damaged("cannot be parsed", e);
        }
    }

    private static Description read(JsonObject json) throws JsonFormatException {
        String repository = json.text("repository");
        if (!repository.matches("[0-9a-f]{32}")) {
            throw damaged("has no repository id", null);
        }
        JsonObject required = json.has("features") ? json.object("features") : new JsonObject();
        Map<String, List<String>> features = new LinkedHashMap<>();
        for (String operation : OPERATIONS) {
            features.put(operation, required.has(operation) ? required.texts(operation) : List.of());
        }
        return new Description(repository, features);
    }

    private static DamagedRepositoryException damaged(String what, @Nullable IOException cause) {
        return new DamagedRepositoryException(Layout.DESCRIPTION.value(), what, cause);
    }

    /**
     * Puts it into an empty store.
     *
     * @return false if another process was faster
     */
    public boolean create(BlobStore blobs, Instant now) {
        JsonObject required = new JsonObject();
        OPERATIONS.forEach(operation -> required.put(operation, features.getOrDefault(operation, List.of())));
        JsonObject json = new JsonObject()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put("repository", repository)
                .put("created", now.toString())
                .put("features", required);
        return blobs.putIfAbsent(Layout.DESCRIPTION, BlobContent.of(json.toBytes())) == PutOutcome.CREATED;
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
