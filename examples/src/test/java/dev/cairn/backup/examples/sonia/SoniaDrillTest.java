package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.sonia.drill.EvaOs;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import dev.cairn.backup.examples.sonia.memory.MemoryService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EVA-OS as a process drills backups of a database of 50 MB that another process has taken; {@code SoniaCampaignTest} has the 500 MB of the runbook. */
class SoniaDrillTest {

    private static final List<String> STEPS =
            List.of("backup_exists", "restore_database", "integrity_check", "search_test", "service_restart");

    @TempDir
    static Path temp;

    private static SoniaPlace place;
    private static RunningService eva;
    private static JsonNode drilled;
    private static byte[] live;
    private static final Set<ProcessHandle> restarted = new HashSet<>();

    @BeforeAll
    static void backUp() throws Exception {
        place = SoniaPlace.at(temp.resolve("sonia"));
        BigMemory.make(place.database(), 50);
        try (RunningService memory = SoniaStack.inEarnest(MemoryService.class, place)) {
            Answer answer = memory.post("/v1/backups", "{}");
            assertEquals(200, answer.status(), answer.body());
            memory.kill();
        }
        live = Files.readAllBytes(place.database());
        eva = SoniaStack.inEarnest(EvaOs.class, place, "--ahead", "PT23H"); // The backup is almost a day old.
    }

    @AfterAll
    static void end() throws Exception {
        eva.close();
    }

    private static JsonNode drill() {
        try {
            Answer answer = eva.post("/v1/drills/restore", "{}");
            assertEquals(200, answer.status(), answer.body());
            return answer.json();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> steps(JsonNode answer) {
        return answer.path("steps").findValuesAsText("step");
    }

    private static JsonNode step(JsonNode answer, String name) {
        return answer.path("steps").path(STEPS.indexOf(name));
    }

    /** The drill of 50 MB that both numbers look at. */
    private static synchronized JsonNode large() throws Exception {
        if (drilled == null) {
            ProcessHandle service = ProcessHandle.of(eva.process().pid()).orElseThrow();
            for (int attempt = 1; restarted.isEmpty() && attempt <= 3; attempt++) { // It may be looked for too late.
                CompletableFuture<JsonNode> drill = CompletableFuture.supplyAsync(SoniaDrillTest::drill);
                while (!drill.isDone()) {
                    service.children().forEach(restarted::add);
                    Thread.sleep(5);
                }
                drilled = drill.get();
            }
            System.out.println("SONIA's drill of 50 MB: " + drilled.path("rto_actual_seconds") + " s");
        }
        return drilled;
    }

    @Test
    void sonia06_fiftyMegabytesAlmostADayOldAreBackWithinSixtySeconds() throws Exception {
        JsonNode answer = large();
        assertTrue(answer.path("passed").asBoolean(), answer::toPrettyString);
        assertEquals(60, answer.path("rto_target_seconds").asInt());
        assertTrue(answer.path("rto_actual_seconds").asDouble() < 60, answer::toPrettyString);
        assertTrue(answer.path("backup_age_seconds").asDouble() > 22 * 3600, answer::toPrettyString);
        assertTrue(step(answer, "backup_exists").path("passed").asBoolean(), answer::toPrettyString);
    }

    @Test
    void sonia05_aDrillMeasuresTheFiveStepsInIsolationAndStartsTheServiceAsAProcess() throws Exception {
        JsonNode answer = large();
        assertTrue(answer.path("drill_id").asText().matches("drill-\\d+"), answer::toPrettyString);
        assertEquals("completed", answer.path("status").asText(), answer::toPrettyString);
        assertTrue(answer.path("passed").asBoolean());
        assertEquals(STEPS, steps(answer));
        double sum = 0;
        for (JsonNode step : answer.path("steps")) {
            assertTrue(step.path("passed").asBoolean(), step::toString);
            sum += step.path("duration_seconds").asDouble();
        }
        double actual = answer.path("rto_actual_seconds").asDouble();
        double restart =
                step(answer, "service_restart").path("duration_seconds").asDouble();
        assertTrue(restart > 0, "it was not measured");
        assertFalse(restarted.isEmpty(), "no process was started");
        restarted.forEach(
                process -> assertFalse(process.isAlive(), "it is not ended with the drill: " + process.pid()));
        assertTrue(actual >= sum - 0.01 && actual < 60, "the whole took " + actual + " s, its steps " + sum);
        assertTrue(step(answer, "restore_database").path("duration_seconds").asDouble() > 0);
        assertArrayEquals(live, Files.readAllBytes(place.database()), "the drill touched the live database");
        assertFalse(
                filesBelow(place.disk().resolve("backup-scratch")).stream()
                        .anyMatch(file -> file.getFileName().toString().equals("memory.db")),
                "the drill left its copy behind");
    }

    @Test
    void sonia05_aCorruptedBackupFailsTheDrillLeavesABundleAndExitsNonZero() throws Exception {
        SoniaPlace damaged = copyOfBackups("damaged");
        List<Path> packs = filesBelow(damaged.backups().resolve("repository").resolve("packs"));
        Path largest = packs.stream()
                .max(Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);

        Ended run = once(damaged);
        assertEquals(1, run.exitCode());
        JsonNode answer = run.answer();
        assertEquals("failed", answer.path("status").asText());
        assertFalse(answer.path("passed").asBoolean());
        assertEquals(STEPS, steps(answer));
        assertTrue(step(answer, "backup_exists").path("passed").asBoolean());
        assertFalse(step(answer, "restore_database").path("passed").asBoolean());
        for (String after : List.of("integrity_check", "search_test", "service_restart")) {
            assertFalse(step(answer, after).path("passed").asBoolean(), after);
            assertEquals("NOT_EVALUATED", step(answer, after).path("outcome").asText(), after);
        }
        Path bundle = damaged.incidents().resolve(answer.path("drill_id").asText());
        for (String file : List.of("report.json", "manifest.json", "events.log", "environment.json")) {
            assertTrue(Files.size(bundle.resolve(file)) > 0, file);
        }
    }

    @Test
    void sonia05_withoutAnyBackupEveryStepHasFailed() throws Exception {
        Ended run = once(SoniaPlace.at(temp.resolve("nothing")));
        assertEquals(1, run.exitCode());
        JsonNode answer = run.answer();
        assertEquals(STEPS, steps(answer));
        answer.path("steps").forEach(step -> assertFalse(step.path("passed").asBoolean(), step::toString));
    }

    @Test
    void sonia06_aBackupOlderThanADayFailsTheFirstStepAndTheDrill() throws Exception {
        SoniaPlace small = SoniaPlace.at(temp.resolve("small"));
        BigMemory.make(small.database(), 1);
        Ended run = once(backedUpHere(small), "--ahead", "PT24H30M");
        assertEquals(1, run.exitCode());
        JsonNode answer = run.answer();
        assertFalse(answer.path("passed").asBoolean());
        assertFalse(step(answer, "backup_exists").path("passed").asBoolean(), answer::toPrettyString);
        assertTrue(answer.path("backup_age_seconds").asDouble() > 24 * 3600, answer::toPrettyString);
        assertTrue(step(answer, "restore_database").path("passed").asBoolean(), "nothing else is wrong with it");
    }

    private static SoniaPlace backedUpHere(SoniaPlace where) {
        try (SnapshotManager manager = Cairn.builder()
                .repository(where.repository())
                .state(where.state(MemoryBackups.SERVICE))
                .scratch(where.scratch(MemoryBackups.SERVICE))
                .dataset(new MemoryBackups(where, InstantSource.system()).database())
                .open()) {
            manager.create();
            return where;
        }
    }

    /** {@code EvaOs --once}: its exit code and what it printed. */
    private record Ended(int exitCode, JsonNode answer) {}

    private static Ended once(SoniaPlace where, String... more) throws Exception {
        List<String> arguments = SoniaStack.arguments(where, more);
        arguments.addAll(List.of("--once", "yes"));
        try (ChildJvm command = ChildJvm.start(EvaOs.class, where.root(), arguments.toArray(String[]::new))) {
            String output = String.join("\n", command.output());
            return new Ended(command.exitCode(), Json.read(output.substring(output.indexOf("{\n"))));
        }
    }

    /** Another machine with a copy of the backups and the key. */
    private static SoniaPlace copyOfBackups(String name) throws IOException {
        SoniaPlace other = SoniaPlace.at(temp.resolve(name));
        copyTree(place.backups(), other.backups());
        copyTree(place.key().getParent(), other.key().getParent());
        return other;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.createDirectories(to.getParent());
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
