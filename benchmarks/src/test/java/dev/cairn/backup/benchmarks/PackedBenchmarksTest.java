package dev.cairn.backup.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks of the packed repository run, small, and count what they say they count. How fast it was is nobody's business here. */
class PackedBenchmarksTest {

    @TempDir
    Path work;

    @Test
    void eachStepOfAPeerIsMeasuredOnceARoundAndSummarized() throws Exception {
        Path old = tree("old", "a.txt", "sub/b.txt", "sub/gone.txt");
        Path next = tree("new", "a.txt", "sub/b.txt", "more/c.txt");

        List<JsonNode> lines = run(
                PeersBenchmark::main,
                "--old",
                old.toString(),
                "--new",
                next.toString(),
                "--peers",
                "cairn,cairn-short",
                "--rounds",
                "1",
                "--settle",
                "0",
                "--warm",
                "2");

        for (String step : List.of("first", "unchanged", "next", "restore", "check")) {
            assertTrue(line(lines, "cairn " + step).path("wall_s").asDouble() > 0, step);
            assertTrue(line(lines, "cairn-short " + step).path("wall_s").asDouble() > 0, step);
            assertEquals(1, line(lines, "summary: cairn " + step).path("runs").asInt());
        }
        assertEquals(2, line(lines, "cairn warm first").path("seconds").size());
        assertTrue(line(lines, "cairn first").path("repository_mb").asDouble() > 0);
    }

    @Test
    void aProcessThatFailsIsNoMeasurement() {
        IllegalStateException failed = assertThrows(
                IllegalStateException.class,
                () -> ProcessRun.of(
                        Peers.java(
                                List.of(),
                                "restore",
                                work.resolve("no home").toString(),
                                work.resolve("out").toString()),
                        Map.of(),
                        work.resolve("scratch")));

        assertFalse(failed.getMessage().isBlank());
    }

    @Test
    void creationIsMeasuredAtEachNumberOfSnapshots() throws Exception {
        List<JsonNode> lines = run(
                SnapshotCountBenchmark::main,
                "--files",
                "20",
                "--folders",
                "2",
                "--hot-files",
                "2",
                "--counts",
                "1,3",
                "--rounds",
                "2",
                "--warmup",
                "4");

        assertEquals(2, line(lines, "create with 3 snapshots").path("samples").asInt());
        assertEquals(
                2,
                line(lines, "open and create with 1 snapshots").path("samples").asInt());
        assertTrue(
                line(lines, "create: slowest median to fastest").path("ratio").asDouble() >= 1);
    }

    @Test
    void theHeapIsMeasuredFromTheFirstSnapshotToTheLast() throws Exception {
        List<JsonNode> lines = run(
                HeapBenchmark::main,
                "--files",
                "20",
                "--folders",
                "2",
                "--hot-files",
                "2",
                "--changes",
                "1",
                "--snapshots",
                "4",
                "--every",
                "2");

        assertTrue(line(lines, "heap after 4").path("heap_mb").asDouble() > 0);
        assertTrue(line(lines, "heap, last to first").path("ratio").asDouble() > 0);
    }

    @Test
    void oneFolderIsListedByReadingNoMoreThanEverything() throws Exception {
        List<JsonNode> lines = run(
                MillionFilesBenchmark::main, "--files", "6000", "--folders", "20", "--rounds", "1", "--settle", "0");

        JsonNode folder = line(lines, "listing of one folder");
        JsonNode everything = line(lines, "listing of everything");
        assertEquals(301, folder.path("entries").asInt());
        assertEquals(6021, everything.path("entries").asInt());
        assertTrue(folder.path("pack_bytes").asLong()
                <= everything.path("pack_bytes").asLong());
        assertTrue(folder.path("pack_reads").asLong() > 0);
    }

    private Path tree(String name, String... files) throws Exception {
        Path root = work.resolve(name);
        for (String file : files) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.writeString(root.resolve(file), file.repeat(100));
        }
        return root;
    }

    private List<JsonNode> run(PrintedLines.Main main, String... args) throws Exception {
        return PrintedLines.of(work.resolve("work"), main, args);
    }

    private static JsonNode line(List<JsonNode> lines, String measured) {
        return PrintedLines.line(lines, measured);
    }
}
