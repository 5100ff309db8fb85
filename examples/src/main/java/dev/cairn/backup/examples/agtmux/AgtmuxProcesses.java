package dev.cairn.backup.examples.agtmux;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.agtmux.source.SourceProcess;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonClient;
import dev.cairn.backup.examples.show.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The processes on an operator's machine: one of sources, and one or more hosts that read them. Closing kills them all. */
public final class AgtmuxProcesses implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Path folder;
    private final ChildJvm sourceProcess;
    private final int sourcesPort;
    private final JsonClient sources;
    private final List<Host> hosts = new ArrayList<>();

    /**
     * Starts the sources.
     *
     * @param names their names
     */
    public AgtmuxProcesses(Path folder, String... names) throws IOException {
        this.folder = folder;
        List<String> arguments = new ArrayList<>(List.of("0"));
        arguments.addAll(List.of(names));
        sourceProcess =
                ChildJvm.start(SourceProcess.class, folder.resolve("sources"), arguments.toArray(String[]::new));
        sourcesPort = port(sourceProcess);
        sources = new JsonClient(sourcesPort);
    }

    private static int port(ChildJvm child) throws IOException {
        List<String> lines = child.outputUntil("READY");
        return Integer.parseInt(lines.get(lines.size() - 1).substring("READY ".length()));
    }

    /** A host in a process of its own, and its operator's console. */
    public static final class Host implements AutoCloseable {

        private final ChildJvm process;
        private final JsonClient console;

        private Host(ChildJvm process) throws IOException {
            this.process = process;
            this.console = new JsonClient(port(process));
        }

        /** What the console answers to a question; fails if it does not. */
        public JsonNode ask(String path) throws IOException, InterruptedException {
            return ok(path, console.get(path));
        }

        /** What the console answers to an order; fails if it does not. */
        public JsonNode order(String path) throws IOException, InterruptedException {
            return ok(path, console.post(path, ""));
        }

        /** What the console answers to an order that may be refused. */
        public Answer tell(String path) throws IOException, InterruptedException {
            return console.post(path, "");
        }

        /** What the UI shows; fails if it does not. */
        public JsonNode see(String path) throws IOException, InterruptedException {
            return ok(path, new JsonClient(ask("/status").path("ui").asInt()).get(path));
        }

        /** SIGKILL. */
        public void kill() throws InterruptedException {
            process.kill();
        }

        /** Asks it to stop cleanly, and waits for its end; answers the exit code. */
        public int stop() throws IOException, InterruptedException {
            order("/stop");
            return process.exitCode();
        }

        @Override
        public void close() throws IOException {
            process.close();
        }
    }

    /**
     * Starts a host, which reads the sources given.
     *
     * @param name the folder of its own disk
     * @param read the sources' names, with commas
     * @param options as {@link AgtmuxHost#main} has them
     */
    public Host host(String name, String read, String... options) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(folder.resolve("vault").toString(), String.valueOf(sourcesPort), read));
        arguments.addAll(List.of(options));
        Host host = new Host(ChildJvm.start(AgtmuxHost.class, folder.resolve(name), arguments.toArray(String[]::new)));
        hosts.add(host);
        return host;
    }

    /** Makes something happen at a source, such as {@code /emit?source=claude&count=10}. */
    public JsonNode source(String path) throws IOException, InterruptedException {
        return ok(path, sources.post(path, ""));
    }

    /** What a source's events add up to, by itself. */
    public JsonNode truth(String source) throws IOException, InterruptedException {
        return ok(source, sources.get("/truth?source=" + source));
    }

    /** Whether the host is up and its state is, event for event, what the source says. */
    public boolean isTrue(Host host, String source) throws IOException, InterruptedException {
        return host.ask("/status").path("state").asText().equals("RUNNING")
                && host.see("/view?source=" + source).equals(truth(source).path("view"));
    }

    /** Waits until it is so. */
    public static void await(String what, Callable<Boolean> isSo) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() - end < 0) {
            if (isSoNow(isSo)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IOException("waited for in vain: " + what);
    }

    private static boolean isSoNow(Callable<Boolean> isSo) throws IOException, InterruptedException {
        try {
            return isSo.call();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static JsonNode ok(String path, Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException(path + " is answered with " + answer.status() + ": " + answer.body());
        }
        return answer.json();
    }

    @Override
    public void close() throws IOException {
        for (Host host : hosts) {
            host.close();
        }
        sourceProcess.close();
    }
}
