package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.WorkFolder;
import dev.cairn.backup.examples.sonia.memory.Memory;
import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import dev.cairn.backup.fs.KeyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four of the runbook's five disasters, with processes that are killed and files that are gone; the third, which leaves the service alone, is in {@link SoniaMemoryTest}. */
class SoniaScenariosTest {

    private static final String NO_PAGE = "no page of any database";
    private static final long DEADLINE = 240_000_000_000L;

    @TempDir
    Path temp;

    private final List<RunningService> running = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (RunningService service : running) {
            service.close();
        }
    }

    private RunningService memory(SoniaPlace place) throws Exception {
        RunningService started = SoniaStack.memory(place);
        running.add(started);
        return started;
    }

    private RunningService gateway(SoniaPlace place) throws Exception {
        RunningService started = SoniaStack.gateway(place);
        running.add(started);
        return started;
    }

    private static JsonNode ok(RunningService service, String path, String body) throws Exception {
        Answer answer = service.post(path, body);
        assertEquals(200, answer.status(), () -> path + " answered " + answer.body());
        return answer.json();
    }

    private static String add(RunningService memory, String content) throws Exception {
        return ok(memory, "/v1/memory/add", "{\"content\":\"" + content + "\"}")
                .path("id")
                .asText();
    }

    private static List<String> found(RunningService memory, String word) throws Exception {
        return memory.get("/v1/memory/search?query=" + word + "&limit=5")
                .json()
                .path("results")
                .findValuesAsText("id");
    }

    /** Every commit up to now is in the repository. */
    private static void awaitStored(RunningService memory, String before) throws Exception {
        long end = System.nanoTime() + DEADLINE;
        while (true) {
            JsonNode now = protection(memory);
            if (now.path("state").asText().equals("PROTECTED")
                    && !now.path("kept").asText().equals(before)
                    && now.path("kept").equals(now.path("stored"))) {
                return;
            }
            assertTrue(System.nanoTime() < end, now::toString);
            Thread.sleep(20);
        }
    }

    private static JsonNode protection(RunningService memory) throws Exception {
        return memory.get("/v1/backups/health").json().path("protection").path(0);
    }

    /** A command that was run to its end. */
    private record Ended(int exitCode, String output) {}

    private static Ended restore(SoniaPlace place, String... more) throws Exception {
        try (ChildJvm command = ChildJvm.start(
                RestoreDatabase.class,
                place.root(),
                SoniaStack.arguments(place, more).toArray(String[]::new))) {
            String output = String.join("\n", command.output());
            return new Ended(command.exitCode(), output);
        }
    }

    /** What a search of the restored database finds, with nobody else there. */
    private static List<String> restored(SoniaPlace place, String word) throws Exception {
        MemoryDatabase database = new MemoryDatabase(place.database());
        database.openExisting();
        try {
            return database.search(word, 5).stream().map(Memory::id).toList();
        } finally {
            database.close();
        }
    }

    private static void assertHealthy(RunningService service) throws Exception {
        Answer health = service.get("/healthz");
        assertEquals(200, health.status(), health.body());
        assertEquals("ok", health.text("status"));
    }

    private static List<Path> named(Path folder, String pattern) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches(pattern))
                    .toList();
        }
    }

    @Test
    void sonia10_scenario1_aCorruptedDatabaseIsSetAsideAndReplaced() throws Exception {
        SoniaPlace place = SoniaPlace.at(temp.resolve("sonia"));
        BigMemory.make(place.database(), 2);
        RunningService memory = memory(place);
        String id = add(memory, "before the corruption");
        ok(memory, "/v1/backups", "{}");
        memory.kill();
        try (FileChannel file = FileChannel.open(place.database(), StandardOpenOption.WRITE)) {
            for (long at = 4096; at < file.size(); at += 8192) {
                file.write(ByteBuffer.wrap(NO_PAGE.getBytes(StandardCharsets.ISO_8859_1)), at);
            }
        }
        assertThrows(IOException.class, () -> memory(place), "the service starts on a damaged database");

        Ended run = restore(place);
        assertEquals(0, run.exitCode(), run.output());
        List<Path> kept = named(place.database().getParent(), "memory-corrupt-\\d{8}-\\d{6}\\.db");
        assertEquals(1, kept.size(), () -> run.output());
        assertTrue(
                Files.readString(kept.get(0), StandardCharsets.ISO_8859_1).contains(NO_PAGE),
                "it is not the damaged one");
        assertEquals(List.of(), named(place.database().getParent(), "memory\\.db-(wal|shm)"));
        RunningService again = memory(place);
        assertHealthy(again);
        assertEquals(List.of(id), found(again, "corruption"));
    }

    @Test
    void sonia10_scenario2_theLostDiskComesBackFromTheOtherDisk() throws Exception {
        SoniaPlace place = SoniaPlace.at(temp.resolve("sonia"));
        RunningService memory = memory(place);
        ok(memory, "/v1/backups", "{}");
        awaitStored(memory, "");
        String before = protection(memory).path("kept").asText();
        String last = add(memory, "a moment before the disk died");
        awaitStored(memory, before);
        memory.kill();
        WorkFolder.deleteTree(place.disk());

        Ended run = restore(place, "--last", "yes");
        assertEquals(0, run.exitCode(), run.output());
        assertEquals(List.of(last), restored(place, "died"));
    }

    @Test
    void sonia10_scenario4_aCrashedGatewayGetsItsDeadLettersBackAndReplaysOnRequest() throws Exception {
        SoniaPlace place = SoniaPlace.at(temp.resolve("sonia"));
        RunningService gateway = gateway(place);
        ok(gateway, "/v1/sessions", "{\"user_id\":\"user@example.com\"}");
        ok(gateway, "/v1/confirmations", "{\"session_id\":\"sess_1\",\"capability\":\"file.write\",\"args\":{}}");
        Files.createDirectories(place.disk());
        Files.writeString(place.files(), "a file where the tools' folder should be");
        Answer failed = gateway.post(
                "/v1/tools",
                "{\"session_id\":\"sess_1\",\"capability\":\"file.append\",\"args\":{\"path\":\"todo.txt\",\"content\":\"buy milk\"}}");
        assertEquals(502, failed.status());
        Path file = Path.of(ok(gateway, "/v1/backups", "{}").path("path").asText());
        gateway.kill();
        Files.delete(place.files());

        RunningService again = gateway(place);
        assertHealthy(again);
        ok(again, "/v1/backups/restore/dlq", Files.readString(file));
        JsonNode letters = again.get("/v1/dead-letters").json();
        assertEquals(List.of(failed.text("id")), letters.path("dead_letters").findValuesAsText("id"));
        assertFalse(Files.exists(place.files()));
        ok(again, "/v1/dead-letters/replay", "{\"id\":\"" + failed.text("id") + "\"}");
        assertEquals("buy milk\n", Files.readString(place.files().resolve("todo.txt")));
        JsonNode manifest = ok(again, "/v1/backups", "{}").path("manifest");
        assertEquals(0, manifest.path("sessions_count").asInt());
        assertEquals(0, manifest.path("confirmations_count").asInt());
    }

    @Test
    void sonia10_scenario5_aNewMachineNeedsTheShareAndThePrintedCode() throws Exception {
        SoniaPlace lost = new SoniaPlace(temp.resolve("old"), temp.resolve("old/D"), temp.resolve("share"));
        RunningService memory = memory(lost);
        Path paper = temp.resolve("paper.txt"); // Printed in earnest, and locked away.
        try (PackedRepository repository = lost.repository()) {
            RecoveryCode code = repository.keys().newRecoveryCode();
            Files.writeString(paper, code.printed());
            repository.keys().confirmRecovery(code, "operator");
        }
        String id = add(memory, "what the machine knew");
        String backup = ok(memory, "/v1/backups", "{}").path("backup_id").asText();
        ok(memory, "/v1/backups/copy", "{}");
        memory.kill();
        WorkFolder.deleteTree(lost.root());

        SoniaPlace fresh = new SoniaPlace(temp.resolve("new"), temp.resolve("new/D"), lost.share());
        try (PackedRepository stolen = lost.copyOnShare(KeyFile.at(temp.resolve("another.key")))) {
            assertThrows(KeyException.class, stolen::open, "whoever has the share alone can read it");
        }
        Ended run = restore(fresh, "--backup", backup, "--from", "share", "--code", paper.toString());
        assertEquals(0, run.exitCode(), run.output());
        assertTrue(run.output().contains("RESTORED " + backup), run.output());
        assertEquals(List.of(id), restored(fresh, "machine"));
    }
}
