package dev.cairn.backup.core.packed.fence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link FencedHost} in a process of its own, with all that it has said. */
final class FencedProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final List<String> said = new ArrayList<>();
    private final Thread reader;

    FencedProcess(Path home, Path folder, String role, long seed) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FencedHost.class.getName(),
                        folder.toString(),
                        role,
                        Long.toString(seed))
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
            synchronized (said) {
                said.add("output lost: " + e);
            }
        }
    }

    /** Waits until it has said so many lines. */
    void awaitLines(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (said) {
            while (said.size() < count) {
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
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end");
        }
        reader.join();
    }

    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
