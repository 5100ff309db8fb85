package dev.cairn.backup.examples.show;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Another JVM with this class path, whose output is read line by line. Closing it kills it. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    private ChildJvm(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * @param folder its first argument; also where it keeps temporary files, which a killed process cannot remove
     * @param more its further arguments
     */
    public static ChildJvm start(Class<?> main, Path folder, String... more) throws IOException {
        return start(main, Map.of(), folder, more);
    }

    /**
     * The same with secrets and settings that come from the environment.
     *
     * @param environment its variables beside those of this process
     */
    public static ChildJvm start(Class<?> main, Map<String, String> environment, Path folder, String... more)
            throws IOException {
        // A child lives for a second: compiling it well would take longer than it runs.
        return start(List.of("-XX:TieredStopAtLevel=1"), environment, main, folder, more);
    }

    /** The same for one that works on much data, such as hundreds of megabytes to encrypt: compiled as well as any host is. */
    public static ChildJvm startServer(Class<?> main, Path folder, String... more) throws IOException {
        return start(List.of(), Map.of(), main, folder, more);
    }

    private static ChildJvm start(
            List<String> jvm, Map<String, String> environment, Class<?> main, Path folder, String... more)
            throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED"); // sqlite-jdbc loads a native library
        }
        command.addAll(jvm);
        command.addAll(List.of("-Xshare:auto", "-Dfile.encoding=UTF-8"));
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.add(folder.toString());
        command.addAll(List.of(more));
        ProcessBuilder child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        child.environment().putAll(environment);
        return new ChildJvm(child.start());
    }

    /** For the child's own main: ends it, as {@code System.exit} does, when whoever started it is gone or closes its input. A parent that is killed stops nobody. */
    public static void endWithParent() {
        whenParentEnds(() -> System.exit(0));
    }

    /** For the child's own main: the same with another end, on a thread of its own. */
    public static void whenParentEnds(Runnable end) {
        Thread parent = new Thread(
                () -> {
                    awaitParentsEnd();
                    end.run();
                },
                "parent");
        parent.setDaemon(true);
        parent.start();
    }

    /** For the child's own main: waits until whoever started it is gone or closes its input. */
    public static void awaitParentsEnd() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            System.err.println("the parent is gone: " + e);
        }
    }

    /** All that it prints until it ends. */
    public List<String> output() throws IOException {
        return lines.lines().toList();
    }

    /**
     * Its output up to and with the line that begins with a word.
     *
     * @throws IOException if it ends without printing it
     */
    public List<String> outputUntil(String word) throws IOException {
        return outputUntil(line -> line.startsWith(word));
    }

    /**
     * Its output up to and with the line that is the one.
     *
     * @throws IOException if it ends without printing it
     */
    public List<String> outputUntil(Predicate<String> last) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            if (last.test(line)) {
                return seen;
            }
        }
        throw new IOException("the child ended before it printed what was waited for; it printed " + seen);
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** SIGKILL, or what the platform has instead; answers the exit code. What it had printed can still be read. */
    public int kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // The process's own method would close its output, too.
        return process.waitFor();
    }

    /** Ends its input: a host that lives as long as whoever started it takes that for the end. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits for its end; answers the exit code. */
    public int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        lines.close();
    }
}
