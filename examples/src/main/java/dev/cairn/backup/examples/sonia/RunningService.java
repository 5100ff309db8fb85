package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonClient;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A service in a process of its own, as whoever started it sees it. Closing kills it.
 *
 * @param process the process
 * @param client calls it
 */
public record RunningService(ChildJvm process, JsonClient client) implements AutoCloseable {

    /** What a service prints before its port, once it serves. */
    public static final String READY = "READY";

    /**
     * Starts one and waits until it serves.
     *
     * @throws IOException if it ends before that; the message has what it printed
     */
    public static RunningService start(Class<?> main, Path folder, String... more) throws IOException {
        return awaited(ChildJvm.start(main, folder, more));
    }

    /** The same for one that works on much data; see {@link ChildJvm#startServer}. */
    public static RunningService startServer(Class<?> main, Path folder, String... more) throws IOException {
        return awaited(ChildJvm.startServer(main, folder, more));
    }

    /** The same for a process that was started already. */
    public static RunningService awaited(ChildJvm process) throws IOException {
        try {
            List<String> printed = process.outputUntil(READY);
            String ready = printed.get(printed.size() - 1);
            return new RunningService(
                    process,
                    new JsonClient(
                            Integer.parseInt(ready.substring(READY.length()).strip())));
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** What an operator asks. */
    public Answer get(String path) throws IOException, InterruptedException {
        return client.get(path);
    }

    /** What an operator orders. */
    public Answer post(String path, String body) throws IOException, InterruptedException {
        return client.post(path, body);
    }

    /** Stops it in good order; answers its exit code. */
    public int stop() throws IOException, InterruptedException {
        try {
            client.post("/v1/stop", "{}");
        } catch (IOException e) {
            // It may be gone before its answer has left; its exit code tells.
        }
        process.endInput(); // A JVM that exits waits 300 ms for a thread that is still reading.
        return process.exitCode();
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
