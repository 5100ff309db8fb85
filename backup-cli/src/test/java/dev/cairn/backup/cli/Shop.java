package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.CancellationToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A folder with something to protect and a configuration file, and {@code cairn} run in it within this process. */
public final class Shop {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    private Shop(Path folder) {
        this.folder = folder;
    }

    /** Two files in {@code data}, a packed repository, no schedules. */
    public static Shop in(Path folder) throws IOException {
        Shop shop = new Shop(folder);
        Files.createDirectories(folder.resolve("data"));
        shop.write("data/orders.txt", "first order\n");
        shop.write("data/stock.txt", "seven apples\n");
        return shop.configured("");
    }

    /** With more members of the configuration, beginning with a comma. */
    public Shop configured(String more) throws IOException {
        return configuration("""
                {"repository": {"type": "packed", "path": "backups"}, "state": "state", "keys": [{"file": "backup.key"}],
                 "datasets": [{"name": "data", "type": "files", "path": "data", "consistency": "immutable"}]%s}
                """.formatted(more));
    }

    public Shop configuration(String json) throws IOException {
        return write("cairn-backup.json", json);
    }

    public Shop write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(
                fresh,
                path,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        return this;
    }

    public Path folder() {
        return folder;
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    /** What came of one command. */
    public record Run(int code, String out, String err) {

        /** The one JSON document on the standard output; a failure of the test if it is anything else. */
        public JsonNode json() throws IOException {
            try (JsonParser parser = JSON.createParser(out)) {
                JsonNode document = JSON.readTree(parser);
                assertEquals((JsonToken) null, parser.nextToken(), "more than one document in " + out);
                return document;
            }
        }

        /** The same run, if it ended so. */
        public Run ended(ExitCode expected) {
            assertEquals(expected.code(), code, () -> "out: " + out + "\nerr: " + err);
            return this;
        }
    }

    public Run run(String... arguments) {
        return run("", Map.of(), false, new CancellationToken(), arguments);
    }

    public Run typing(String typed, String... arguments) {
        return run(typed, Map.of(), false, new CancellationToken(), arguments);
    }

    /** Ctrl-C while the command waits for somebody at a terminal that nobody touches. */
    public Run interruptedWhenItAsks(String... arguments) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() {
                asked.countDown();
                boolean interrupted = true;
                while (interrupted) { // As the system call of a terminal, which no interrupt of a thread ends.
                    try {
                        never.await();
                        interrupted = false;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                return -1;
            }
        };
        AtomicReference<Run> came = new AtomicReference<>();
        Thread command = new Thread(() -> came.set(run(silent, Map.of(), true, new CancellationToken(), arguments)));
        command.setDaemon(true);
        command.start();
        try {
            assertTrue(asked.await(120, TimeUnit.SECONDS), "it never asked");
            command.interrupt();
            command.join(TimeUnit.SECONDS.toMillis(120));
            return Objects.requireNonNull(came.get(), "it waits for what is typed");
        } finally {
            never.countDown();
        }
    }

    public Run run(
            String typed,
            Map<String, String> environment,
            boolean terminal,
            CancellationToken token,
            String... arguments) {
        return run(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                environment,
                terminal,
                token,
                arguments);
    }

    private Run run(
            InputStream typed,
            Map<String, String> environment,
            boolean terminal,
            CancellationToken token,
            String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CairnCommand.run(
                new Surroundings(
                        folder,
                        environment,
                        typed,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminal,
                        "tester",
                        token),
                arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
