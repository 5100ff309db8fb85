package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HALO is killed in the middle of a restore, and started again. */
class HaloKilledTest {

    private static final int FILES = 12;

    @TempDir
    Path folder;

    /** Gives each of the five paths files that tell which generation they are of. */
    private static void generation(HaloHome home, String name) throws IOException {
        for (String path : HaloHome.PATHS) {
            Files.createDirectories(home.path(path));
            for (int i = 0; i < FILES; i++) {
                Files.writeString(home.path(path).resolve("g" + i + ".txt"), name);
            }
        }
    }

    private static Set<String> generations(HaloHome home) {
        return RunningHalo.state(home).entrySet().stream()
                .filter(file -> file.getKey().endsWith(".txt"))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    private static void restoreUnheard(RunningHalo halo) {
        CompletableFuture.runAsync(() -> {
            try {
                halo.restore("backupId", "b-first");
                halo.process().kill(); // It has answered: whoever waits for it to stay would wait for ever.
            } catch (IOException | InterruptedException e) {
                return; // It is killed before it can answer.
            }
        });
    }

    @Test
    void halo07_killedBehindTheSwapAllIsOldAgain() throws Exception {
        Map<String, String> before;
        try (RunningHalo halo = RunningHalo.movedIn(folder, HaloHost.STAY)) {
            generation(halo.home(), "first");
            halo.backUp("b-first");
            generation(halo.home(), "second");
            before = new TreeMap<>(halo.state());
            restoreUnheard(halo);
            halo.process().outputUntil(HaloHost.STAYING);
            halo.process().kill();
        }
        assertEquals(Set.of("first"), generations(new HaloHome(folder)), "where it was killed all was new");
        try (RunningHalo halo = RunningHalo.start(folder)) {
            assertTrue(
                    halo.plane().get("/status").json().path("recoveredAtStart").asBoolean());
            assertEquals(before, halo.state());
            assertEquals("snapshot.recover", halo.lastAudit().path("action").asText());
            new Checklist(halo.plane()).ask(Set.of()).forEach((question, holds) -> assertTrue(holds, question));
            assertEquals(200, halo.restore("backupId", "b-first").status(), "and it can be tried again");
            assertEquals(Set.of("first"), generations(halo.home()));
        }
    }

    @Test
    void halo07_killedAmidTheSwapTheNextStartFindsNoMixture() throws Exception {
        try (RunningHalo halo = RunningHalo.movedIn(folder)) {
            generation(halo.home(), "first");
            halo.backUp("b-first");
            generation(halo.home(), "second");
            restoreUnheard(halo);
            Instant deadline = Instant.now().plus(Duration.ofMinutes(4));
            Path first = halo.home().path("config").resolve("g0.txt");
            boolean swapping = false;
            while (!swapping && Instant.now().isBefore(deadline)) {
                LockSupport.parkNanos(100_000);
                swapping = isFirst(first);
            }
            halo.process().kill();
            assertTrue(swapping, "the swap was under way when it was killed");
        }
        try (RunningHalo halo = RunningHalo.start(folder)) {
            assertEquals(
                    1,
                    generations(halo.home()).size(),
                    () -> generations(halo.home()).toString());
            assertEquals(
                    FILES * HaloHome.PATHS.size(),
                    halo.state().keySet().stream()
                            .filter(name -> name.endsWith(".txt"))
                            .count());
            assertEquals(200, halo.create("backupId", "b-after").status());
        }
    }

    /** While it is swapped the file may be absent for a moment. */
    private static boolean isFirst(Path file) {
        try {
            return Files.readString(file).equals("first");
        } catch (IOException e) {
            return false;
        }
    }
}
