package dev.cairn.backup.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run, small, and count what they say they count. How fast it was is nobody's business here. */
class BenchmarksTest {

    @TempDir
    Path work;

    @FunctionalInterface
    private interface Main {
        void run(String... args) throws Exception;
    }

    @Test
    void theBarrierIsMeasuredOnceASnapshot() throws Exception {
        List<JsonNode> lines = run(
                BarrierBenchmark::main,
                "--mb",
                "1",
                "--files",
                "40",
                "--folders",
                "4",
                "--hot-files",
                "4",
                "--snapshots",
                "6",
                "--warmup",
                "2",
                "--settle",
                "0",
                "--stored",
                "2");

        assertEquals(6, samples(lines, "discarded: barrier, lock got to release"));
        assertEquals(6, samples(lines, "discarded: freeze of files"));
        assertTrue(samples(lines, "stored: barrier, lock got to release") >= 2, "more if a file was replaced too soon");
        assertTrue(samples(lines, "discarded: transactions of the writer") > 0);
    }

    @Test
    void theWriterIsMeasuredIdleAndBusyInEachRound() throws Exception {
        List<JsonNode> lines = run(WriterLatencyBenchmark::main, "--mb", "1", "--rounds", "1", "--seconds", "1");

        for (String measured : List.of("paced, round 1: idle", "paced, round 1: busy", "flat out, round 1: idle")) {
            assertTrue(samples(lines, measured) > 0, measured);
        }
        assertTrue(samples(lines, "snapshot, whole") > 0);
    }

    @Test
    void anUnknownOptionIsNamed() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> BarrierBenchmark.main(new String[] {"--work", "x", "--speed", "9"}));

        assertTrue(refused.getMessage().contains("--speed"), refused.getMessage());
    }

    private List<JsonNode> run(Main main, String... args) throws Exception {
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

    private static int samples(List<JsonNode> lines, String measured) {
        return lines.stream()
                .filter(line -> line.path("measured").asText().equals(measured))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line '" + measured + "' in " + lines))
                .path("samples")
                .asInt();
    }
}
