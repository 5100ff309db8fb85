package dev.cairn.backup.core.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A host that keeps one number in a file, a row and an object, and raises it under its lock as fast as it can. A snapshot in which the three differ was
 * not taken at one instant.
 */
final class CounterHost implements AutoCloseable {

    record Memory(long counter) {}

    record Counters(long file, long row, long object) {
        boolean agree() {
            return file == row && row == object;
        }
    }

    /** What the object holds after a start that has loaded nothing. */
    static final long NOTHING_LOADED = -1;

    private final Path home;
    private final Consistency mode;
    /** Fair, because a writer that never pauses could keep a snapshot waiting otherwise. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private volatile Memory memory = new Memory(0);
    private volatile boolean running;
    private Connection connection;
    private Thread writer;

    CounterHost(Path home, Consistency mode) throws IOException {
        this.home = home;
        this.mode = mode;
        Files.createDirectories(home.resolve("data/deep/er"));
        Files.createDirectories(home.resolve("outside"));
        for (int i = 0; i < 30 && Files.notExists(home.resolve("data/deep/er/still-" + i)); i++) {
            Files.writeString(home.resolve("data/deep/er/still-" + i), "content that does not change " + i);
        }
        connect();
        sql("create table if not exists counter(id integer primary key, n integer)");
        sql("insert or ignore into counter values(1, 0)");
        memory = new Memory(row());
        if (!Files.exists(counterFile())) {
            writeFile(memory.counter());
        }
    }

    /** The host started again after a crash, with an empty memory. */
    static CounterHost reopened(Path home, Consistency mode) throws IOException {
        CounterHost host = new CounterHost(home, mode);
        host.memory = new Memory(NOTHING_LOADED);
        return host;
    }

    /** The datasets on disk, described before anything is opened. */
    static List<Dataset> onDisk(Path home, Consistency mode) {
        return List.of(
                FilesDataset.of("files", home.resolve("data")).consistency(mode),
                SqliteDataset.of("db", home.resolve("memory.db")));
    }

    List<Dataset> datasets() {
        return List.of(files(), SqliteDataset.of("db", database()), state());
    }

    private Dataset files() {
        FilesDataset files = FilesDataset.of("files", home.resolve("data"));
        return mode == Consistency.FS_SNAPSHOT
                ? files.fsSnapshot(this::copyOfData, CounterHost::deleteTree)
                : files.consistency(mode);
    }

    private Dataset state() {
        return StateDataset.of(
                "memory", JsonCodec.of(new ObjectMapper(), Memory.class), () -> memory, value -> memory = value);
    }

    /** The host's barrier. */
    void whileQuiet(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    void start() {
        running = true;
        writer = new Thread(
                () -> {
                    while (running) {
                        tick();
                    }
                },
                "host-writer");
        writer.start();
    }

    void stop() {
        running = false;
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void tick() {
        whileQuiet(() -> {
            long next = memory.counter() + 1;
            writeFile(next);
            sql("update counter set n = " + next + " where id = 1");
            memory = new Memory(next);
        });
    }

    void awaitTicks(long more) throws InterruptedException {
        long goal = memory.counter() + more;
        while (memory.counter() < goal) {
            Thread.sleep(1);
        }
    }

    Counters counters() {
        return new Counters(readFile(), row(), memory.counter());
    }

    void connect() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + database());
            sql("pragma journal_mode = wal");
            sql("pragma synchronous = off");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Connects unless it still is. */
    void reconnect() {
        try {
            if (connection.isClosed()) {
                connect();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void disconnect() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Path database() {
        return home.resolve("memory.db");
    }

    private Path counterFile() {
        return home.resolve("data/deep/counter");
    }

    Path data() {
        return home.resolve("data");
    }

    private long row() {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select n from counter where id = 1")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sql(String text) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        } catch (SQLException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private void writeFile(long n) {
        Path file = counterFile();
        try {
            switch (mode) {
                case IMMUTABLE -> {
                    Path fresh = Files.writeString(home.resolve("outside/fresh"), Long.toString(n));
                    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                }
                case APPEND_ONLY ->
                    Files.writeString(file, n + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                default -> Files.writeString(file, Long.toString(n));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long readFile() {
        try {
            List<String> lines = Files.readAllLines(counterFile());
            return Long.parseLong(lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copyOfData() {
        try {
            Path copy = Files.createTempDirectory(home.resolve("outside"), "snapshot");
            try (Stream<Path> all = Files.walk(home.resolve("data"))) {
                for (Path source : all.toList()) {
                    Path target = copy.resolve("data")
                            .resolve(home.resolve("data").relativize(source).toString());
                    Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            return copy.resolve("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteTree(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (running) {
            stop();
        }
        disconnect();
    }
}
