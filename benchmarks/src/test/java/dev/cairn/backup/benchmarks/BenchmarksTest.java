package dev.cairn.backup.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run, small, and count what they say they count. How fast it was is nobody's business here. */
class BenchmarksTest {

    @TempDir
    Path work;

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

    private List<JsonNode> run(PrintedLines.Main main, String... args) throws Exception {
        return PrintedLines.of(work, main, args);
    }

    private static int samples(List<JsonNode> lines, String measured) {
        return PrintedLines.line(lines, measured).path("samples").asInt();
    }
}
