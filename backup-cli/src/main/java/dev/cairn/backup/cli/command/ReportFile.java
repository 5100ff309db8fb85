package dev.cairn.backup.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what {@code restore --json} answered. */
final class ReportFile {

    private static final int MOST_BYTES = 1 << 20;

    private ReportFile() {}

    /** @throws InvalidValueException if the file holds no such answer */
    static PastRestore read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            return restore(new ObjectMapper().readTree(Files.readAllBytes(file)));
        } catch (IOException | DateTimeException | InvalidValueException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new InvalidValueException(
                    "report", file, "a file with what 'cairn restore --json' answered, and here " + why);
        }
    }

    private static PastRestore restore(JsonNode report) throws IOException {
        Map<String, List<EntryPath>> paths = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : report.path("paths").properties()) {
            paths.put(
                    each.getKey(),
                    texts(each.getValue()).stream().map(EntryPath::of).toList());
        }
        List<String> datasets = texts(report.path("datasets"));
        if (datasets.isEmpty()) {
            throw new IOException("'datasets' is missing or empty");
        }
        return new PastRestore(
                text(report, "restoreId"),
                SnapshotId.of(text(report, "snapshot")),
                Instant.parse(text(report, "startedAt")),
                Optional.ofNullable(report.path("safetySnapshot").textValue()).map(SnapshotId::of),
                datasets,
                paths);
    }

    private static String text(JsonNode report, String field) throws IOException {
        String value = report.path(field).textValue();
        if (value == null) {
            throw new IOException("'" + field + "' is missing");
        }
        return value;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
