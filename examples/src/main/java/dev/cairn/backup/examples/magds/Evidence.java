package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;

/** What proves a verification or a restore, in one folder for the ticket: the manifest, the report, the metrics. The folder appears whole. */
final class Evidence {

    private final Path folder;

    Evidence(Path folder) {
        this.folder = folder;
    }

    /**
     * Exports it.
     *
     * @param what {@code verify} or {@code restore}
     * @param id the backup
     * @param manifest its manifest
     * @param report what was answered
     * @param metrics counters and gauges
     * @return the folder
     */
    Path export(String what, String id, Path manifest, Object report, Map<String, Long> metrics, Instant when) {
        Path fresh = folder.resolve(".new-" + id);
        try {
            Files.createDirectories(fresh);
            Files.copy(manifest, fresh.resolve("manifest.json"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(fresh.resolve("report.json"), text(report));
            Files.writeString(fresh.resolve("metrics.json"), text(metrics));
            return publish(fresh, id + "-" + what + "-" + when.getEpochSecond());
        } catch (IOException e) {
            throw new UncheckedIOException("the evidence of " + id + " cannot be written to " + folder, e);
        }
    }

    private Path publish(Path fresh, String name) throws IOException {
        Path place = folder.resolve(name);
        for (int n = 2; Files.exists(place); n++) {
            place = folder.resolve(name + "-" + n);
        }
        return Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String text(Object value) throws JsonProcessingException {
        return Json.MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n";
    }
}
