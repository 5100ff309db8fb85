package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies the lines of the chained log into {@code logs/operations-audit.jsonl} and {@code logs/incidents.jsonl}, each with its {@code seq} there, so that it is known how far each trail has come, also
 * after a crash. Thread-safe.
 */
final class TrailFiles {

    private static final String SEQ = "seq";

    private final Path chained;
    private final Path operations;
    private final Path incidents;
    private long known;
    private long told;
    private long current;
    private long read;

    /** @param chained the folder of the chained log @param logs where the trails are */
    TrailFiles(Path chained, Path logs) {
        this.chained = chained;
        this.operations = logs.resolve(HaloHome.TRAILS.get(0));
        this.incidents = logs.resolve(HaloHome.TRAILS.get(1));
    }

    /** Looks how far the trails have come, and copies the rest. */
    synchronized void start() {
        try {
            Files.createDirectories(operations.getParent());
            begin();
        } catch (IOException e) {
            throw new UncheckedIOException("the trails in " + operations.getParent() + " cannot be read", e);
        }
        catchUp();
    }

    /** Copies what is not there yet. */
    synchronized void catchUp() {
        try {
            Files.createDirectories(operations.getParent());
            if (!Files.exists(operations) || !Files.exists(incidents)) {
                begin(); // At the start, and when somebody has taken one away.
            }
            for (Path file : newer()) {
                copyFrom(file);
            }
        } catch (IOException e) {
            // The line is durable in the chained log; a full disk under the copy must not fail the operation. The next
            // line copies both.
            System.err.println("halo: the trails in " + operations.getParent() + " are behind: " + e);
        }
    }

    private void begin() throws IOException {
        known = dropTorn(operations);
        told = dropTorn(incidents);
        read = 0;
        current = 0;
    }

    private void copyFrom(Path file) throws IOException {
        if (firstLine(file) > current) {
            current = firstLine(file);
            read = 0;
        }
        byte[] fresh;
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(read);
            fresh = in.readAllBytes();
        }
        String whole = new String(fresh, StandardCharsets.UTF_8);
        for (String text :
                whole.substring(0, whole.lastIndexOf('\n') + 1).lines().toList()) {
            copy(Json.read(text));
            read += text.getBytes(StandardCharsets.UTF_8).length + 1;
        }
    }

    private void copy(JsonNode line) throws IOException {
        long seq = line.path(SEQ).asLong();
        String kind = line.path("kind").asText();
        if (kind.equals("event") && seq > known) {
            ObjectNode entry = fields(line, "actor", "action", "target", "outcome");
            entry.set("details", line.path("details"));
            append(operations, entry);
            known = seq;
        } else if (kind.equals("incident-opened") && seq > told) {
            ObjectNode entry = fields(line, "id", "actor", "code");
            // What Cairn calls ESCALATE calls people; this house calls it critical.
            String severity = line.path("severity").asText();
            entry.put("severity", severity.equals("escalate") ? "critical" : severity);
            entry.put("backupId", line.path("related").path(0).asText());
            entry.put("reason", line.path("description").asText());
            append(incidents, entry);
            told = seq;
        }
    }

    private static ObjectNode fields(JsonNode line, String... names) {
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.set(SEQ, line.path(SEQ));
        entry.set("time", line.path("time"));
        for (String name : names) {
            entry.set(name, line.path(name));
        }
        return entry;
    }

    /** The file that was read last and those after it, in order; each is named by its first line. */
    private List<Path> newer() throws IOException {
        try (Stream<Path> files = Files.list(chained)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("audit-[0-9]{12,18}\\.jsonl"))
                    .filter(file -> firstLine(file) >= current)
                    .sorted()
                    .toList();
        }
    }

    private static long firstLine(Path file) {
        return Long.parseLong(String.valueOf(file.getFileName()).replaceAll("\\D", ""));
    }

    private static void append(Path file, ObjectNode entry) throws IOException {
        byte[] line = (Json.MAPPER.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
        }
    }

    /** Cuts off a last line that a crash has torn; answers which line of the chained log is the last one here, 0 for none. */
    private static long dropTorn(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
            return 0;
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
        }
        String[] lines = new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", -1);
        try {
            return lines.length < 2
                    ? 0
                    : Json.read(lines[lines.length - 2]).path(SEQ).asLong();
        } catch (MalformedJsonException e) { // Somebody has edited it: it is kept, and written again.
            Files.move(file, file.resolveSibling(file.getFileName() + ".edited-" + bytes.length));
            Files.createFile(file);
            return 0;
        }
    }

    /** What the trails hold, for those who look. */
    static List<JsonNode> read(Path trail) {
        try {
            return Files.exists(trail)
                    ? Files.readAllLines(trail, StandardCharsets.UTF_8).stream()
                            .map(Json::read)
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(trail + " cannot be read", e);
        }
    }
}
