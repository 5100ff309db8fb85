package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as a shell starts it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals and /dev/full")
class CairnProcessTest {

    private static final int MIB = 1 << 20;
    private static final int SIGKILLED = 128 + 9;
    private static final int ATTEMPTS = 10;

    @TempDir
    private Path temp;

    private Shop shop;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void aShop() throws IOException {
        shop = Shop.in(temp.resolve("shop"));
        shop.run("init").ended(ExitCode.DONE);
    }

    @AfterEach
    void nothingIsLeftRunning() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    @Test
    void killedInTheMiddleOfARunItLeavesWhatWasThereAndTheNextRunGoesOn() throws Exception {
        shop.run("run", "--label", "the first").ended(ExitCode.DONE);
        int snapshots = 1;
        boolean midway = false;
        for (int attempt = 1; !midway && attempt <= ATTEMPTS; attempt++) {
            muchData(snapshots);
            Process run = start("run");
            awaitPack(run);
            run.destroyForcibly();
            assertTrue(run.waitFor(60, TimeUnit.SECONDS));
            midway = snapshots().size() == snapshots;
            if (midway) {
                assertEquals(SIGKILLED, run.exitValue(), () -> output("out") + output("err"));
            } else { // The snapshot was complete by then, whether or not the process was.
                snapshots++;
                assertEquals(snapshots, snapshots().size());
            }
        }
        assertTrue(midway, () -> "it was in the middle: " + output("out") + output("err"));
        assertEquals("the first", snapshots().at("/0/label").asText());
        shop.run("verify", "snap-1").ended(ExitCode.DONE);

        String next = shop.run("-q", "run").ended(ExitCode.DONE).out().strip();
        shop.run("verify", next).ended(ExitCode.DONE);
        shop.run("check").ended(ExitCode.DONE);
    }

    @Test
    void ctrlCStopsARunCleanlyWithCode130() throws Exception {
        int snapshots = 0;
        JsonNode answer = null;
        for (int attempt = 1; answer == null && attempt <= ATTEMPTS; attempt++) {
            muchData(snapshots);
            Process run = listeningToCtrlC("run", "--json", "--quiet");
            // Started now and told later, because to start a process takes as long as to store a pack.
            Process kill = new ProcessBuilder("sh", "-c", "read go || true; kill -INT " + run.pid()).start();
            started.add(kill);
            awaitPack(run);
            kill.getOutputStream().close();
            kill.waitFor();
            assertTrue(run.waitFor(120, TimeUnit.SECONDS));
            JsonNode told = new Shop.Run(run.exitValue(), output("out"), "").json();
            if (told.has("error")) {
                assertEquals(ExitCode.CANCELLED.code(), run.exitValue(), () -> output("out") + output("err"));
                answer = told;
            } else { // The snapshot was complete by then, whether or not the process was.
                snapshots++;
            }
        }
        assertTrue(answer != null, () -> "it was in the middle: " + output("out") + output("err"));
        assertEquals("backup_cancelled", answer.get("error").asText());
        assertEquals("", output("err"));
        assertEquals(snapshots, snapshots().size());
    }

    private JsonNode snapshots() throws IOException {
        return shop.run("list", "--json").ended(ExitCode.DONE).json().get("snapshots");
    }

    @Test
    void aWrongArgumentIsToldAndNothingIsLoggedBeside() throws Exception {
        Process wrong = start("run", "--lable", "x");
        assertTrue(wrong.waitFor(60, TimeUnit.SECONDS));
        assertEquals(ExitCode.USAGE.code(), wrong.exitValue());
        assertEquals("", output("out"));
        assertEquals(1, output("err").lines().count(), output("err"));
        assertTrue(output("err").contains("--lable") && output("err").contains("cairn run --help"), output("err"));
    }

    /** Only Linux has a file that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void anAnswerThatCannotBeWrittenIsNoSuccess() throws Exception {
        Process list =
                builder("list", "--json").redirectOutput(new File("/dev/full")).start();
        started.add(list);
        assertTrue(list.waitFor(60, TimeUnit.SECONDS));
        assertEquals(ExitCode.FAILED.code(), list.exitValue());
        assertTrue(output("err").contains("cannot be written"), output("err"));
    }

    /** Random, so that it is neither compressed nor found twice; enough for several packs of 16 MiB. */
    private void muchData(int seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = new byte[16 * MIB];
        for (int i = 0; i < 3; i++) {
            random.nextBytes(bytes);
            Files.write(shop.path("data/large-" + seed + "-" + i), bytes);
        }
    }

    /** Waits until the run has stored a pack, or is over, as on a busy machine it may be before that is noticed. */
    private void awaitPack(Process run) throws IOException {
        long before = packs();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (run.isAlive() && packs() <= before) {
            assertTrue(System.nanoTime() < deadline, "no pack was stored");
            Thread.onSpinWait();
        }
    }

    private long packs() throws IOException {
        Path folder = shop.path("backups/packs");
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
                    .count();
        } catch (UncheckedIOException e) {
            return 0; // A temporary file went while it was looked at.
        }
    }

    /** A shell that runs its commands in the background lets them ignore Ctrl-C, and their children with them. */
    private Process listeningToCtrlC(String... arguments) throws Exception {
        List<String> listening = List.of("env", "--default-signal=INT");
        ProcessBuilder run = builder(arguments);
        if (new ProcessBuilder(Stream.concat(listening.stream(), Stream.of("true"))
                                .toList())
                        .start()
                        .waitFor()
                == 0) {
            run.command().addAll(0, listening);
        }
        Process process = run.start();
        started.add(process);
        return process;
    }

    private Process start(String... arguments) throws IOException {
        Process process = builder(arguments).start();
        started.add(process);
        return process;
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.io.tmpdir=" + temp));
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), CairnCommand.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(shop.folder().toFile())
                .redirectOutput(temp.resolve("out").toFile())
                .redirectError(temp.resolve("err").toFile());
    }

    private String output(String name) {
        try {
            return Files.readString(temp.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
