package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.examples.http.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trails that people look at are copies of the chained log: whatever happens to them, nothing is lost. */
class TrailFilesTest {

    @TempDir
    Path folder;

    private HaloHome home;
    private Path operations;
    private Path incidents;

    @BeforeEach
    void moveIn() {
        home = new HaloHome(folder);
        Family.moveIn(home);
        operations = home.path("logs").resolve("operations-audit.jsonl");
        incidents = home.path("logs").resolve("incidents.jsonl");
    }

    private static void restore(HaloServer halo, String id) throws IOException {
        Answer answer =
                halo.ask("POST", "/operations/backup/restore", Map.of("memberId", Family.MANAGER, "backupId", id), "");
        assertEquals(500, answer.status(), answer.body());
    }

    private static void beginsWith(List<String> lines, Path trail) throws IOException {
        assertEquals(lines, Files.readAllLines(trail).subList(0, lines.size()));
    }

    @Test
    void aTrailThatIsTakenAwayIsWrittenAgainAlsoWhileHaloRuns() throws Exception {
        try (HaloServer halo = HaloServer.open(home)) {
            restore(halo, "b-1");
            List<String> before = Files.readAllLines(operations);
            Files.delete(operations);
            restore(halo, "b-2");
            beginsWith(before, operations);
            assertEquals(before.size() + 1, Files.readAllLines(operations).size());
        }
    }

    @Test
    void whatACrashHasTornIsWrittenAgainAtTheNextStart() throws Exception {
        try (HaloServer halo = HaloServer.open(home)) {
            restore(halo, "b-1");
            restore(halo, "b-2");
        }
        List<String> told = Files.readAllLines(incidents);
        List<String> done = Files.readAllLines(operations);
        String text = Files.readString(incidents);
        Files.writeString(incidents, text.substring(0, text.length() - 9));
        Files.delete(operations);
        HaloServer.open(home).close();
        assertEquals(2, told.size());
        assertEquals(told, Files.readAllLines(incidents));
        beginsWith(done, operations);
    }

    @Test
    void whatSomebodyHasEditedIsKeptAndWrittenAgain() throws Exception {
        try (HaloServer halo = HaloServer.open(home)) {
            restore(halo, "b-1");
        }
        List<String> done = Files.readAllLines(operations);
        Files.writeString(operations, "edited by hand\n", StandardOpenOption.APPEND);
        try (HaloServer halo = HaloServer.open(home)) {
            restore(halo, "b-2");
        }
        beginsWith(done, operations);
        try (var files = Files.list(home.path("logs"))) {
            Path edited = files.filter(file -> file.toString().contains(".edited-"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(done.size() + 1, Files.readAllLines(edited).size());
        }
    }
}
