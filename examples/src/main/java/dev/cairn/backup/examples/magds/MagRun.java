package dev.cairn.backup.examples.magds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code mag} run to its end in a process of its own, in the application's folder.
 *
 * @param exitCode how it ended
 * @param out what it answered
 * @param err errors and remarks
 */
record MagRun(int exitCode, String out, String err) {

    private static final long LONGEST_MINUTES = 3;

    static MagRun of(Path folder, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED"); // sqlite-jdbc loads a native library
        }
        // It lives for a second: compiling it well would take longer than it runs.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Mag.class.getName()));
        command.addAll(List.of(args));
        Path out = Files.createTempFile("mag-", ".out");
        Path err = Files.createTempFile("mag-", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
            return new MagRun(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** What a line of the answer says behind its beginning; empty if there is no such line. */
    String line(String beginning) {
        return out.lines()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()).strip())
                .findFirst()
                .orElse("");
    }
}
