package dev.cairn.backup.core.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Programs of the machine. */
final class Tools {

    private Tools() {}

    /** A program that ended, with what it said. */
    record Ended(int status, byte[] output, String errors) {

        String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    static boolean isThere(String program, String argument, String says) throws InterruptedException {
        try {
            Path here = Files.createTempDirectory("tools");
            try {
                return run(here, program, argument).text().contains(says);
            } finally {
                Files.delete(here);
            }
        } catch (IOException e) {
            return false;
        }
    }

    static Ended run(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, Map.of(), command);
    }

    static Ended run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder.getParent(), "out", "");
        Path err = Files.createTempFile(folder.getParent(), "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        int status = process.waitFor();
        Ended ended = new Ended(status, Files.readAllBytes(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return ended;
    }
}
