package dev.cairn.backup.examples.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A main class run to its end in a JVM of its own, as a stranger would run it. */
public record ChildRun(int exitCode, String output) {

    private static final long LONGEST_MINUTES = 10;

    /** Runs it. */
    public static ChildRun of(Class<?> main, Path outputFile, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-Djava.io.tmpdir=" + outputFile.toAbsolutePath().getParent()));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(outputFile.toFile())
                .start();
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new ChildRun(process.exitValue(), Files.readString(outputFile, StandardCharsets.UTF_8));
    }

    /** Asserts that a play comes to its end, that everything in it holds, and that it tells what it should. */
    public static void assertPlaysToItsEnd(Class<?> play, Path folder, String... told)
            throws IOException, InterruptedException {
        play(play, folder).assertHeld(told);
    }

    /** Runs a play in a folder. */
    public static ChildRun play(Class<?> play, Path folder) throws IOException, InterruptedException {
        return of(
                play,
                Files.createDirectories(folder).resolve("output"),
                folder.resolve("work").toString());
    }

    /** Asserts that a play came to its end, that everything in it held, and that it told what it should. */
    public void assertHeld(String... told) {
        assertEquals(0, exitCode, output);
        for (String text : told) {
            assertTrue(output.contains(text), () -> "'" + text + "' is missing in:\n" + output);
        }
        assertTrue(output.contains("== All comparisons held"), output);
        assertFalse(output.contains("FAILS"), output);
        assertFalse(output.contains("DIFFERS"), output);
    }
}
