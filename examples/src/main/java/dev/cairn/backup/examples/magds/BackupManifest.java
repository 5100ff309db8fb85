package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A backup's manifest as MagDS tells it: what is in {@code <backup>/manifest.json}, and when it was last verified, which is no part of that file and its digest.
 *
 * @param id the backup
 * @param createdAt when it was taken
 * @param label its label, if it has one
 * @param lastVerifiedAt when it was last read back with success; null if never
 * @param datasets what it holds
 */
record BackupManifest(
        String id,
        @JsonProperty("created_at") String createdAt,
        @Nullable String label,
        @JsonProperty("last_verified_at") @Nullable String lastVerifiedAt,
        List<Entry> datasets) {

    /** Copies the list. */
    BackupManifest {
        datasets = List.copyOf(datasets);
    }

    /**
     * A dataset.
     *
     * @param name its name
     * @param algorithm of its hash
     * @param hash of its file, or, of a folder, over the lines {@code <checksum>  <path>} of its files in the order of their paths
     * @param source where it lay
     * @param backup where its copy lies
     * @param files the checksums of its files by their paths; the path of a dataset that is one file is its name
     */
    record Entry(
            String name,
            String algorithm,
            String hash,
            String source,
            String backup,
            @JsonIgnore Map<String, String> files) {

        /** Copies the map. */
        Entry {
            files = new TreeMap<>(files);
        }
    }

    /** Reads the file, which the engine has checked before. */
    static BackupManifest read(Path backups, String id, @Nullable String lastVerifiedAt) {
        Path file = file(backups, id);
        JsonNode json;
        try {
            json = Json.read(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        String algorithm = json.path("checksumAlgorithm").asText();
        List<Entry> entries = new ArrayList<>();
        for (JsonNode dataset : json.path("datasets")) {
            if (dataset.path("present").asBoolean()) {
                entries.add(entry(backups.resolve(id), dataset, algorithm));
            }
        }
        JsonNode label = json.path("label");
        return new BackupManifest(
                id,
                json.path("createdAt").asText(),
                label.isTextual() ? label.asText() : null,
                lastVerifiedAt,
                entries);
    }

    static Path file(Path backups, String id) {
        return backups.resolve(id).resolve("manifest.json");
    }

    private static Entry entry(Path backup, JsonNode dataset, String algorithm) {
        String name = dataset.path("name").asText();
        Map<String, String> files = new TreeMap<>();
        for (JsonNode line : dataset.path("listing")) {
            if (line.path("type").asText().equals("FILE")) {
                files.put(line.path("path").asText(), line.path("checksum").asText());
            }
        }
        return new Entry(
                name,
                algorithm,
                hash(algorithm, files),
                path(dataset.path("source").asText()),
                backup.resolve("snapshot").resolve(name).toString(),
                files);
    }

    /** As a path of this machine, or as it was written if it is none: then it is no configured source either. */
    private static String path(String source) {
        try {
            return Path.of(URI.create(source)).toString();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return source;
        }
    }

    private static String hash(String algorithm, Map<String, String> files) {
        if (files.size() == 1) {
            return files.values().iterator().next();
        }
        StringBuilder lines = new StringBuilder();
        files.forEach((path, checksum) ->
                lines.append(checksum).append("  ").append(path).append('\n'));
        return LiveHash.of(algorithm, lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
