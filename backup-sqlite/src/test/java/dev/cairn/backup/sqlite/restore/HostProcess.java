package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.SqliteTablesDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Another process that uses or restores a database; its first argument says what it does. It answers "ready" and waits for its end. */
public final class HostProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    private HostProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it and waits until it is ready. */
    public static HostProcess startReady(String... arguments) throws IOException {
        return start(arguments).untilReady();
    }

    /** What another process sees that wants to write at once: {@code locked} or {@code written}. */
    public static String tryToWrite(Path database) throws IOException {
        try (HostProcess process = start("try", database.toString())) {
            return process.nextLine();
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Lets a {@code write} process commit. */
    public void commit() throws IOException {
        say("\n");
        String answer = nextLine();
        if (!answer.equals("committed")) {
            throw new IOException(answer);
        }
    }

    /** Ends it by SIGKILL, wherever it is. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** Starts it. */
    public static HostProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HostProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new HostProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    static HostProcess sqlite3(Path database, String sql) throws IOException {
        HostProcess shell = new HostProcess(new ProcessBuilder("sqlite3", database.toString()).start());
        shell.say(sql + "\n.print ready\n");
        return shell;
    }

    /** Waits until it says that it is ready. */
    public HostProcess untilReady() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.equals("ready")) {
                return this;
            }
        }
        throw new IOException("ended without being ready, exit code " + exitCode());
    }

    void say(String line) throws IOException {
        process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** The next line that it says; {@code null} in letters after its end. */
    public String nextLine() throws IOException {
        return String.valueOf(answers.readLine());
    }

    int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        exitCode();
    }

    /** See {@link #start}: {@code idle <file>}, {@code write <file>}, {@code try <file>}, {@code exclusive <file>}, {@code transaction <file>},
     * {@code swap-tables <file> <lines> <journal> <table>} or {@code swap|undo <file> <snapshot> <journal> <step>}. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "idle" -> idle(Path.of(args[1]));
            case "write" -> write(Path.of(args[1]));
            case "swap-tables" -> swapTables(args);
            case "try" -> tryWrite(Path.of(args[1]));
            case "exclusive" ->
                keepForItself(
                        Path.of(args[1]), "PRAGMA locking_mode=EXCLUSIVE", "UPDATE counter SET value = value + 1");
            case "transaction" -> keepForItself(Path.of(args[1]), "BEGIN EXCLUSIVE");
            default -> restore(args);
        }
    }

    private static void idle(Path file) throws Exception {
        try (Connection connection = TestDatabase.open(file)) {
            TestDatabase.one(connection, "SELECT value FROM counter");
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // waits for the end
            }
        }
    }

    private static void keepForItself(Path file, String... how) throws Exception {
        try (Connection connection = TestDatabase.open(file)) {
            TestDatabase.run(connection, how);
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // waits for the end
            }
        }
    }

    /** Holds a write transaction until it is told to commit. */
    private static void write(Path file) throws Exception {
        try (Connection connection = TestDatabase.open(file)) {
            TestDatabase.run(connection, "BEGIN IMMEDIATE", "UPDATE counter SET value = value + 1");
            System.out.println("ready");
            System.in.read();
            TestDatabase.run(connection, "COMMIT");
            System.out.println("committed");
        }
    }

    private static void tryWrite(Path file) throws Exception {
        try (Connection connection = TestDatabase.open(file)) {
            TestDatabase.run(connection, "PRAGMA busy_timeout=0");
            try {
                TestDatabase.run(connection, "BEGIN IMMEDIATE", "COMMIT");
                System.out.println("written");
            } catch (java.sql.SQLException e) {
                System.out.println("locked");
            }
        }
    }

    private static void swapTables(String[] args) {
        Path lines = Path.of(args[2]);
        Entry entry = Entry.file(
                EntryPath.of(args[4] + ".jsonl"),
                lines.toFile().length(),
                EntryAttributes.NONE,
                () -> Files.newInputStream(lines));
        StagedRestore restore = SqliteTablesDataset.of("state", Path.of(args[1]), args[4])
                .stage(MemorySnapshot.of("state", "sqlite-tables", List.of(entry)), new FileJournal(Path.of(args[3])));
        System.out.println("ready");
        restore.swap();
        System.out.println("swapped");
    }

    private static void restore(String[] args) throws Exception {
        Path live = Path.of(args[1]);
        FileJournal context = new FileJournal(Path.of(args[3]));
        SwapStep fatal = SwapStep.valueOf(args[4]);
        DatabaseRestore restore = DatabaseRestore.resume(Restores.settings(live), context, step -> {
            if (step == fatal) {
                Runtime.getRuntime().halt(9);
            }
        });
        if (args[0].equals("swap")) {
            SqliteDataset.of("memory", live)
                    .busyTimeout(Duration.ofMillis(200))
                    .stage(Restores.snapshotOf(Path.of(args[2])), context);
            restore.swap();
        } else {
            restore.rollback();
        }
    }
}
