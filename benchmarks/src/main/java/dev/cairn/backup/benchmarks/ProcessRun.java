package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of one program, from its start to its end.
 *
 * @param wallSeconds by the clock, that of GNU time and of starting both included
 * @param userSeconds of all its threads and children; NaN where there is no GNU time
 * @param systemSeconds the same, in the kernel
 * @param peakMegabytes the largest resident set of one of its processes; NaN where there is no GNU time
 * @param printed what it printed
 */
record ProcessRun(
        double wallSeconds, double userSeconds, double systemSeconds, double peakMegabytes, List<String> printed) {

    private static final Path TIME = Path.of("/usr/bin/time");

    /**
     * Runs the program and waits for it.
     *
     * @throws IllegalStateException with what it printed if it fails
     */
    static ProcessRun of(List<String> command, Map<String, String> environment, Path scratch)
            throws IOException, InterruptedException {
        Files.createDirectories(scratch);
        Path figures = scratch.resolve("time.txt");
        Path log = scratch.resolve("log.txt");
        boolean timed = Files.isExecutable(TIME);
        List<String> whole = new ArrayList<>();
        if (timed) {
            whole.addAll(List.of(TIME.toString(), "-o", figures.toString(), "-f", "%U %S %M"));
        }
        whole.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        int exit = builder.start().waitFor();
        double wall = (System.nanoTime() - start) / 1e9;
        List<String> printed = Files.readAllLines(log);
        if (exit != 0) {
            throw new IllegalStateException(command + " ended with " + exit + ": " + String.join("\n", printed));
        }
        String[] measured = timed ? Files.readString(figures).strip().split(" ") : new String[] {"NaN", "NaN", "NaN"};
        return new ProcessRun(
                wall,
                Double.parseDouble(measured[0]),
                Double.parseDouble(measured[1]),
                Double.parseDouble(measured[2]) / 1024,
                printed);
    }

    /** User and system together, which other programs on the machine disturb less than the clock. */
    double cpuSeconds() {
        return userSeconds + systemSeconds;
    }

    /** For a line of results. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("wall_s", wallSeconds);
        figures.put("user_s", userSeconds);
        figures.put("sys_s", systemSeconds);
        figures.put("peak_mb", peakMegabytes);
        return figures;
    }
}
