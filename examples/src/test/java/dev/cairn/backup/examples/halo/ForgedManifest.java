package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.examples.http.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** What somebody makes of a manifest who may write to the backups and knows its format: the digest is right again, and the optional roots are left out. */
final class ForgedManifest {

    private static final String TO_COME = "sha256:" + "0".repeat(64);

    private ForgedManifest() {}

    /** Gives an entry another path. */
    static void rename(Path file, String from, String to) throws Exception {
        ObjectNode manifest = (ObjectNode) Json.read(Files.readString(file));
        manifest.remove("root");
        for (JsonNode dataset : manifest.path("datasets")) {
            ((ObjectNode) dataset).remove("root");
            for (JsonNode line : dataset.path("listing")) {
                if (line.path("path").asText().equals(from)) {
                    ((ObjectNode) line).put("path", to);
                }
            }
        }
        manifest.put("digest", TO_COME);
        String forged = Json.MAPPER.writeValueAsString(manifest); // The digest stays its first field.
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(forged.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                file, forged.replace(TO_COME, "sha256:" + HexFormat.of().formatHex(digest)));
    }
}
