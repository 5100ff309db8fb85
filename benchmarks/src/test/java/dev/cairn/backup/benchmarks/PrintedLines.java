package dev.cairn.backup.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a benchmark and reads the JSON lines that it prints. */
final class PrintedLines {

    private PrintedLines() {}

    /** A benchmark's {@code main}. */
    interface Main {
        void run(String[] args) throws Exception;
    }

    static List<JsonNode> of(Path work, Main main, String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of("--work", work.toString()));
        all.addAll(List.of(args));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.run(all.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        List<JsonNode> lines = new ArrayList<>();
        for (String line : printed.toString(StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("{")) {
                lines.add(new ObjectMapper().readTree(line));
            }
        }
        return lines;
    }

    /** The line of what was measured. */
    static JsonNode line(List<JsonNode> lines, String measured) {
        return lines.stream()
                .filter(line -> line.path("measured").asText().equals(measured))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line '" + measured + "' in " + lines));
    }
}
