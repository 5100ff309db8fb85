package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The command as it is written in an afternoon: copy each file under its own name, write the checksums into a manifest, compare them later. */
final class NaiveMag implements BackupTool {

    private final Path backups;
    private final List<Source> sources;

    NaiveMag(Path backups, List<Source> sources) {
        this.backups = backups;
        this.sources = sources;
    }

    @Override
    public Path backups() {
        return backups;
    }

    @Override
    public String run(Instant now) throws IOException {
        String id = DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(now);
        Path folder = Files.createDirectories(backups.resolve(id));
        ObjectNode manifest = Json.MAPPER.createObjectNode().put("id", id);
        ArrayNode datasets = manifest.putArray("datasets");
        for (Source source : sources) {
            if (!Files.exists(source.source())) {
                continue; // It is not there, so there is nothing to copy.
            }
            Path copy = folder.resolve(source.source().getFileName());
            Files.copy(source.source(), copy, StandardCopyOption.REPLACE_EXISTING);
            datasets.addObject()
                    .put("name", source.name())
                    .put("backup", copy.toString())
                    .put("hash", LiveHash.of("SHA-256", copy));
        }
        Files.writeString(folder.resolve("manifest.json"), Json.MAPPER.writeValueAsString(manifest));
        return id;
    }

    @Override
    public boolean verify(String id) throws IOException {
        Path file = backups.resolve(id).resolve("manifest.json");
        ObjectNode manifest = (ObjectNode) Json.read(Files.readString(file));
        boolean right = true;
        for (JsonNode dataset : manifest.path("datasets")) {
            Path copy = Path.of(dataset.path("backup").asText());
            right &= Files.exists(copy)
                    && LiveHash.of("SHA-256", copy).equals(dataset.path("hash").asText());
        }
        manifest.put("last_verified_at", Instant.now().toString());
        Files.writeString(file, Json.MAPPER.writeValueAsString(manifest));
        return right;
    }

    @Override
    public boolean saysVerified(String id) throws IOException {
        return Json.read(Files.readString(backups.resolve(id).resolve("manifest.json")))
                .has("last_verified_at");
    }
}
