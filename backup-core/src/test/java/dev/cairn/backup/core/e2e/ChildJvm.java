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

/** A host in a process of its own, with all that it has said. */
public final class ChildJvm implements AutoCloseable {

    private final long patienceSeconds;
    private final Process process;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;

    /** A {@link KilledHost}. */
    ChildJvm(Path home, String what, String stopAt) throws IOException {
        this(home, 180, KilledHost.class, home.toString(), what, stopAt);
    }

    /**
     * @param home where its temporary files go
     * @param patienceSeconds how long it is waited for
     * @param main what it runs
     */
    public ChildJvm(Path home, long patienceSeconds, Class<?> main, String... arguments) throws IOException {
        this.patienceSeconds = patienceSeconds;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
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
        awaitSaid(lines -> lines.stream().anyMatch(line));
    }

    /** Waits until it has said so many lines. */
    public void awaitLines(int count) throws InterruptedException {
        awaitSaid(lines -> lines.size() >= count);
    }

    private void awaitSaid(Predicate<List<String>> enough) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        synchronized (said) {
            while (true) {
                // Not whether the process is alive: it may have ended, and not all be read yet of what it has said.
                boolean over = System.nanoTime() > deadline || !reader.isAlive();
                if (enough.test(said)) {
                    return;
                }
                if (over) {
                    throw new AssertionError("the child did not come so far; it said " + said);
                }
                said.wait(100);
            }
        }
    }

    /** Kills it as the out-of-memory killer would (SIGKILL) and reads what is left of its output. */
    public void kill() throws InterruptedException {
        // By its handle: Process.destroyForcibly also closes the pipe, with what the child has said and nobody has
        // read.
        process.toHandle().destroyForcibly();
        end();
    }

    /** Asks it to end (SIGTERM) and waits until it has. */
    void terminate() throws InterruptedException {
        process.destroy();
        end();
    }

    private void end() throws InterruptedException {
        if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end; it said " + said);
        }
        reader.join();
    }

    /** All that it has said. */
    public List<String> said() {
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
