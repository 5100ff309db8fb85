package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn restore} as a process of its own that is ended in the middle. */
class InterruptedRestoreTest {

    /** So many that restoring them takes much longer than noticing that it has begun. */
    private static final int FILES = 200;

    @TempDir
    private static Path temp;

    private static Premises premises;
    private static Shop shop;
    private static SnapshotId first;
    private final List<Process> started = new ArrayList<>();

    /** Each test leaves all of it at the second word. */
    @BeforeAll
    static void aHostWithManyFiles() throws IOException {
        premises = Premises.in(temp, "browsable");
        shop = premises.shop();
        fill("first");
        first = premises.snapshot("first");
        fill("second");
        premises.say("second");
    }

    private static void fill(String word) throws IOException {
        Files.createDirectories(shop.path("data/many"));
        for (int i = 0; i < FILES; i++) {
            shop.write("data/many/" + i, word);
        }
    }

    @AfterEach
    void nothingIsLeftRunning() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    /** The one word that all of it says. */
    private String told() throws IOException {
        for (int i = 0; i < FILES; i++) {
            String word = Files.readString(shop.path("data/many/" + i));
            if (!word.equals(premises.told())) {
                return "file " + i + " says " + word + ", the rest " + premises.told();
            }
        }
        return premises.told();
    }

    private Process restore() throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CairnCommand.class.getName(),
                        "restore",
                        first.value(),
                        "--dataset",
                        "data",
                        "--dataset",
                        "db",
                        "--yes"))
                .directory(shop.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(shop.path("restore.out").toFile())
                .start();
        started.add(process);
        return process;
    }

    /** Waits until the restore has staged something, or is over. */
    private void awaitStaging(Process process) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (process.isAlive() && !isStaging()) {
            assertTrue(System.nanoTime() < deadline, "it never began");
            LockSupport.parkNanos(500_000);
        }
    }

    private boolean isStaging() throws IOException {
        try (Stream<Path> top = Files.list(shop.path("data"))) {
            return top.anyMatch(file -> file.getFileName().toString().startsWith(".cairn-"));
        }
    }

    private String output() {
        try {
            return Files.readString(shop.path("restore.out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void afterAKillTheNextCommandUndoesItAndSaysSo() throws IOException, InterruptedException {
        boolean undone = false;
        for (int attempt = 1; !undone && attempt <= 10; attempt++) {
            Process process = restore();
            awaitStaging(process);
            process.destroyForcibly();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            Shop.Run next = shop.run("list", "--json").ended(ExitCode.DONE);
            next.json();
            undone = Pattern.compile("restore-\\d+ of " + first + " had been interrupted and was undone")
                    .matcher(next.err())
                    .find();
            if (!undone) { // On a busy machine it may have come too far to be undone.
                assertEquals("first", told(), next::err);
                shop.run("rollback", "-y").ended(ExitCode.DONE);
            }
            assertEquals("second", told());
        }
        assertTrue(undone, this::output);
        assertEquals("", shop.run("list").ended(ExitCode.DONE).err(), "it is said once");
        assertEquals(List.of(), staged());
        shop.run("restore", first.value(), "--dataset", "data", "--dataset", "db", "-y")
                .ended(ExitCode.DONE);
        assertEquals("first", told());
        shop.run("rollback", "-y").ended(ExitCode.DONE);
        assertEquals("second", told());
    }

    @Test
    void askedToEndItPutsEverythingBackItself() throws IOException, InterruptedException {
        Process process = restore();
        awaitStaging(process);
        process.destroy(); // SIGTERM, which a JVM treats like Ctrl-C.
        assertTrue(process.waitFor(90, TimeUnit.SECONDS));
        String word = told();
        assertTrue(
                word.equals("second") && output().contains("cancelled") || word.equals("first"), () -> word + output());
        assertEquals("", shop.run("list").ended(ExitCode.DONE).err(), "nothing is left to undo");
        assertEquals(word, told());
        if (word.equals("first")) {
            shop.run("rollback", "-y").ended(ExitCode.DONE);
        }
    }

    private List<Path> staged() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(shop.path("data"))) {
            all.filter(file -> file.getFileName().toString().startsWith(".cairn-"))
                    .forEach(found::add);
        }
        return found;
    }
}
