package dev.cairn.backup.core.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.UnsupportedFormatException;
import java.io.IOException;

/** Writes and reads the two JSON entries of an archive. */
final class ArchiveJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ArchiveJson() {}

    static byte[] encode(Object value) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
        } catch (IOException e) {
            throw new IllegalStateException("plain values cannot be written", e);
        }
    }

    /**
     * @throws UnsupportedFormatException if it is of a newer version
     * @throws DamagedArchiveException if it cannot be used
     */
    static ArchiveManifest manifest(byte[] bytes) {
        try {
            // The version first, by itself: a newer one may have any other fields.
            JsonNode tree = JSON.readTree(bytes);
            long version = tree.path("formatVersion").asLong(0);
            if (!tree.path("format").asText("").equals(ArchiveManifest.FORMAT) || version < 1) {
                throw new DamagedArchiveException(ArchiveNames.MANIFEST, "is none of an archive", null);
            }
            if (version > ArchiveManifest.VERSION) {
                throw new UnsupportedFormatException("The archive", version, ArchiveManifest.VERSION, null);
            }
            ArchiveManifest manifest = JSON.treeToValue(tree, ArchiveManifest.class);
            manifest.original();
            return manifest;
        } catch (DamagedArchiveException | UnsupportedFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unusable(ArchiveNames.MANIFEST, e);
        }
    }

    /** @throws DamagedArchiveException if it cannot be used */
    static ArchiveDigests digests(byte[] bytes) {
        try {
            return JSON.readValue(bytes, ArchiveDigests.class);
        } catch (IOException | RuntimeException e) {
            throw unusable(ArchiveNames.DIGESTS, e);
        }
    }

    private static BackupException unusable(String name, Exception cause) {
        return new DamagedArchiveException(name, "cannot be used", cause);
    }
}
