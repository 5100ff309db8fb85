package dev.cairn.backup.core.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A {@link KilledHost} in a process of its own, with all that it has said. */
final class ChildJvm implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;

    ChildJvm(Path home, String what, String stopAt) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledHost.class.getName(),
                        home.toString(),
                        what,
                        stopAt)
                .redirectErrorStream(true)
                .start();
        reader = new Thread(this::read, "child-output");
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                    said.notifyAll();
                }
            }
        } catch (IOException e) {
            said.add("output lost: " + e);
        }
    }

    /** Waits until it has said such a line. */
    void await(Predicate<String> line) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (said) {
            while (said.stream().noneMatch(line)) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new AssertionError("the child did not come so far; it said " + said);
                }
                said.wait(100);
            }
        }
    }

    /** Kills it as the out-of-memory killer would (SIGKILL) and reads what is left of its output. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        end();
    }

    /** Asks it to end (SIGTERM) and waits until it has. */
    void terminate() throws InterruptedException {
        process.destroy();
        end();
    }

    private void end() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end; it said " + said);
        }
        reader.join();
    }

    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    /** The words that followed the prefix, for each line that has it. */
    List<String> said(String prefix) {
        return said().stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
