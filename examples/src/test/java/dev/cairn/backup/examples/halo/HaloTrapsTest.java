package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.trap.Trap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes that implementations of this runbook are known to make: each check fails on the naive routes and passes on ours. */
class HaloTrapsTest {

    @TempDir
    static Path folder;

    private static HaloServer halo;
    private static Subject naive;
    private static Subject ours;

    /** Routes and the home that they work on. */
    private record Subject(HaloHome home, Plane plane) {

        List<JsonNode> audit() {
            return TrailFiles.read(home.path("logs").resolve("operations-audit.jsonl"));
        }

        int create(String id) throws IOException, InterruptedException {
            return plane.post("/operations/backup/create", "", RunningHalo.asManager("backupId", id))
                    .status();
        }

        int restore(String id) throws IOException, InterruptedException {
            return plane.post("/operations/backup/restore", "", RunningHalo.asManager("backupId", id))
                    .status();
        }
    }

    @BeforeAll
    static void start() {
        HaloHome home = new HaloHome(folder.resolve("ours"));
        Family.moveIn(home);
        halo = HaloServer.open(home);
        ours = new Subject(home, halo::ask);
        HaloHome other = new HaloHome(folder.resolve("naive"));
        Family.moveIn(other);
        naive = new Subject(other, new NaiveHalo(other));
    }

    @AfterAll
    static void stop() {
        halo.close();
    }

    @Test
    void halo02_trap_aFailureIsAuditedWithItsTarget() {
        Trap.catches(
                subject -> {
                    assertEquals(200, subject.create("b-trap-2"));
                    assertEquals(500, subject.restore("b-nowhere"));
                    JsonNode last = subject.audit().get(subject.audit().size() - 1);
                    assertEquals(
                            "snapshot.restore b-nowhere failed",
                            last.path("action").asText() + " "
                                    + last.path("target").asText() + " "
                                    + last.path("outcome").asText());
                },
                naive,
                ours);
    }

    @Test
    void halo05_trap_anIdIsNeverUsedForTwoSnapshots() {
        Trap.catches(
                subject -> {
                    Path lane = subject.home().lane("first-only");
                    HouseFiles.append(lane, "old");
                    assertEquals(200, subject.create("b-trap-5"));
                    Path dir = subject.home().backups().resolve("b-trap-5");
                    Map<String, String> before = RunningHalo.files(dir, dir);
                    Files.delete(lane);
                    HouseFiles.append(subject.home().lane("second-only"), "new");
                    subject.create("b-trap-5");
                    Map<String, String> after = RunningHalo.files(dir, dir);
                    assertFalse(
                            after.containsKey("snapshot/memory/first-only.jsonl")
                                    && after.containsKey("snapshot/memory/second-only.jsonl"),
                            "a snapshot of two instants");
                    assertEquals(before, after);
                },
                naive,
                ours);
    }

    @Test
    void halo07_trap_theTrailsAreNotTakenBackWithTheLogs() {
        Trap.catches(
                subject -> {
                    HouseFiles.append(subject.home().path("logs").resolve("halo.log"), "before");
                    assertEquals(200, subject.create("b-trap-7"));
                    assertEquals(200, subject.create("b-trap-7-later"));
                    HouseFiles.append(subject.home().path("logs").resolve("halo.log"), "after");
                    assertEquals(200, subject.restore("b-trap-7"));
                    assertFalse(Files.readString(subject.home().path("logs").resolve("halo.log"))
                            .contains("after"));
                    assertTrue(
                            subject.audit().stream()
                                    .anyMatch(
                                            line -> line.path("target").asText().equals("b-trap-7-later")),
                            "what was written after the backup is still in the trail");
                },
                naive,
                ours);
    }
}
