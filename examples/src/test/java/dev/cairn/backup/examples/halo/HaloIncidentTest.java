package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong, what is written down of it, and how the family gets out of it. */
class HaloIncidentTest {

    @TempDir
    static Path folder;

    private static RunningHalo halo;

    @BeforeAll
    static void start() throws Exception {
        halo = RunningHalo.movedIn(folder.resolve("halo"));
        halo.say(Family.PARENT, "good morning");
        halo.remember("birthdays", "Cleo: 3 May");
    }

    @AfterAll
    static void stop() throws IOException {
        halo.close();
    }

    private static void critical(String code, String backup) {
        assertEquals(
                1, halo.incidents(code, backup).size(), () -> halo.incidents().toString());
        JsonNode incident = halo.incidents(code, backup).get(0);
        assertEquals("critical", incident.path("severity").asText());
        assertTrue(incident.path("reason").asText().contains(backup), incident.toString());
        assertFalse(Instant.parse(incident.path("time").asText()).isAfter(Instant.now()));
    }

    /** Changes a byte of what a backup holds. */
    private static void damage(String backup, String stored) throws IOException {
        Path file = halo.home().backups().resolve(backup).resolve("snapshot").resolve(stored);
        byte[] bytes = Files.readAllBytes(file);
        bytes[0] ^= 1;
        Files.write(file, bytes);
    }

    private static JsonNode listed() throws IOException, InterruptedException {
        return halo.plane()
                .get("/operations/backup/list", RunningHalo.asManager())
                .json();
    }

    private static String verifiedAt(String backup) throws IOException, InterruptedException {
        for (JsonNode line : listed().path("backups")) {
            if (line.path("backupId").asText().equals(backup)) {
                return line.path("verifiedAt").asText();
            }
        }
        return "not listed";
    }

    @Test
    void halo06_aBackupWithoutAManifestIsACriticalIncident() throws Exception {
        halo.backUp("b-bare");
        Files.delete(halo.home().backups().resolve("b-bare/manifest.json"));
        Answer answer = halo.restore("backupId", "b-bare");
        assertEquals(500, answer.status());
        assertEquals("backup_operation_failed", answer.text("error"));
        critical("backup_manifest_missing", "b-bare");
    }

    @Test
    void halo06_aBackupThatFailsIsACriticalIncident() throws Exception {
        Path undeclared =
                halo.home().path("memory").resolve("undeclared.db"); // Nobody knows how to copy it while it is written.
        Files.writeString(undeclared, "SQLite format 3");
        try {
            assertEquals(500, halo.create("backupId", "b-fails").status());
        } finally {
            Files.delete(undeclared);
        }
        critical("backup_create_failed", "b-fails");
        assertFalse(Files.exists(halo.home().backups().resolve("b-fails/manifest.json")));
    }

    @Test
    void halo06_aRestoreThatFailsIsACriticalIncidentAndTheLinesTellWhoDidWhatToWhat() throws Exception {
        halo.backUp("b-damaged");
        damage("b-damaged", "memory/birthdays.jsonl");
        assertEquals(500, halo.restore("backupId", "b-damaged").status());
        critical("backup_restore_failed", "b-damaged");
        JsonNode line = halo.lastAudit("snapshot.restore");
        assertEquals("admin-api", line.path("actor").asText());
        assertEquals("b-damaged", line.path("target").asText());
        assertEquals("failed", line.path("outcome").asText());
        assertFalse(line.path("details").path("problem").asText().isBlank());
        assertFalse(Instant.parse(line.path("time").asText()).isAfter(Instant.now()));
    }

    @Test
    void halo06_laneOperationsUseTheSameTrail() throws Exception {
        halo.remember("chores", "dishes");
        Answer denied = halo.plane().post("/operations/lane/discard", "", "memberId", Family.PARENT, "lane", "chores");
        assertEquals(403, denied.status());
        trailed("lane.discard", "chores", "denied", halo.lastAudit());
        assertEquals(200, discard("chores").status());
        trailed("lane.discard", "chores", "allowed", halo.lastAudit());
        assertEquals(400, discard("chores").status());
        trailed("lane.discard", "chores", "failed", halo.lastAudit());
        assertEquals(
                "admin-api " + Family.MANAGER,
                halo.lastAudit().path("actor").asText() + " "
                        + halo.lastAudit().path("details").path("member").asText());
    }

    private static void trailed(String action, String target, String outcome, JsonNode line) {
        assertEquals(action, line.path("action").asText());
        assertEquals(target, line.path("target").asText());
        assertEquals(outcome, line.path("outcome").asText());
    }

    private static Answer discard(String lane) throws IOException, InterruptedException {
        return halo.plane().post("/operations/lane/discard", "", RunningHalo.asManager("lane", lane));
    }

    @Test
    void halo08_aFailedRestoreIsTriedAgainWithNarrowerPaths() throws Exception {
        halo.backUp("b-narrow");
        assertEquals(
                200,
                halo.plane()
                        .post("/operations/backup/verify", "", RunningHalo.asManager("backupId", "b-narrow"))
                        .status());
        damage("b-narrow", "transcripts/ben.jsonl");
        Files.writeString(halo.home().messages(), "{}");
        halo.remember("birthdays", "Ben: 9 June");
        Map<String, String> broken = halo.state();
        Answer whole = halo.restore("backupId", "b-narrow");
        assertEquals(500, whole.status());
        assertTrue(whole.text("message").contains("transcripts/ben.jsonl"), whole.body());
        assertEquals(broken, halo.state(), "nothing is half restored");
        Answer narrow = halo.restore("backupId", "b-narrow", "restorePaths", "config");
        assertEquals(200, narrow.status(), narrow.body());
        assertEquals(Family.MESSAGES, Files.readString(halo.home().messages()));
        assertTrue(halo.state().get("memory/birthdays.jsonl").contains("Ben: 9 June"));
    }

    @Test
    void halo08_whatCannotBeReadIsNoReasonNotToRestore() throws Exception {
        halo.backUp("b-unreadable-now");
        Path undeclared = halo.home().path("memory").resolve("undeclared.sqlite");
        Files.writeString(undeclared, "SQLite format 3");
        Answer answer = halo.restore("backupId", "b-unreadable-now", "restorePaths", "config");
        Files.delete(undeclared);
        assertEquals(200, answer.status(), answer.body());
        String safety = answer.text("safetyBackupId");
        assertTrue(Files.exists(halo.home().backups().resolve(safety).resolve("snapshot/config/household.json")));
        assertFalse(Files.exists(halo.home().backups().resolve(safety).resolve("snapshot/memory")));
        assertTrue(
                answer.json().path("warnings").toString().contains("'memory' is not in the safety snapshot"),
                answer.body());
    }

    @Test
    void halo09_aBackupWithoutAManifestIsListedAsInvalidAndNeverRestored() throws Exception {
        halo.backUp("b-invalid");
        Files.delete(halo.home().backups().resolve("b-invalid/manifest.json"));
        assertTrue(listed().path("invalid").path("b-invalid").asText().contains("manifest.json"), listed().toString());
        assertEquals("not listed", verifiedAt("b-invalid"));
        Map<String, String> before = halo.state();
        assertEquals(500, halo.restore("backupId", "b-invalid").status());
        assertEquals(
                500,
                halo.restore("backupId", "b-invalid", "restorePaths", "config").status());
        assertEquals(before, halo.state());
    }

    @Test
    void halo09_itsReplacementIsValidatedBeforeARestoreIsAllowed() throws Exception {
        halo.backUp("b-replacement");
        assertEquals("", verifiedAt("b-replacement"));
        damage("b-replacement", "memory/birthdays.jsonl");
        Map<String, String> before = halo.state();
        Answer unsound = halo.restore("backupId", "b-replacement", "restorePaths", "config");
        assertEquals(500, unsound.status());
        assertTrue(
                unsound.text("message").contains("memory/birthdays.jsonl"),
                "what is not asked for counts too: " + unsound.body());
        assertEquals(before, halo.state());
        halo.backUp("b-replacement-2");
        Answer sound = halo.restore("backupId", "b-replacement-2", "restorePaths", "config");
        assertEquals(200, sound.status(), sound.body());
        assertFalse(Instant.parse(verifiedAt("b-replacement-2")).isAfter(Instant.now()));
        assertEquals(
                "allowed", halo.lastAudit("snapshot.verify").path("outcome").asText());
    }

    @Test
    void halo10_whatIsDiscardedCanBeTakenBack() throws Exception {
        halo.remember("recipes", "pancakes");
        String before = Files.readString(halo.home().lane("recipes"));
        String item = discard("recipes").text("trashId");
        assertFalse(Files.exists(halo.home().lane("recipes")));
        assertEquals(before, Files.readString(halo.home().trash().resolve(item + ".jsonl")));
        halo.backUp("b-while-discarded");
        assertEquals(
                200, halo.restore("backupId", "b-while-discarded").status(), "a restore does not empty that trash");
        Answer undone = halo.plane().post("/operations/lane/undo", "", RunningHalo.asManager("trashId", item));
        assertEquals("200 recipes", undone.status() + " " + undone.text("lane"), undone.body());
        assertEquals(before, Files.readString(halo.home().lane("recipes")));
        trailed("lane.undo", item, "allowed", halo.lastAudit());
    }

    @Test
    void halo10_takingBackNeverReplacesWhatWasWrittenSince() throws Exception {
        halo.remember("garden", "old");
        String item = discard("garden").text("trashId");
        halo.remember("garden", "new");
        Answer refused = halo.plane().post("/operations/lane/undo", "", RunningHalo.asManager("trashId", item));
        assertEquals(400, refused.status(), refused.body());
        assertEquals("new\n", Files.readString(halo.home().lane("garden")));
        assertEquals("old\n", Files.readString(halo.home().trash().resolve(item + ".jsonl")));
        assertEquals(
                400,
                halo.plane()
                        .post("/operations/lane/undo", "", RunningHalo.asManager("trashId", "../config/household"))
                        .status());
        assertEquals("failed", halo.lastAudit().path("outcome").asText());
    }

    @Test
    void halo11_theChecklistHoldsAfterARestore() throws Exception {
        halo.backUp("b-checked");
        Checklist checklist = new Checklist(halo.plane());
        var incidents = checklist.incidents();
        assertEquals(200, halo.restore("backupId", "b-checked").status());
        checklist.ask(incidents).forEach((question, holds) -> assertTrue(holds, question));
    }

    @Test
    void halo11_aRestoreThatTheChecklistRejectsIsUndone() throws Exception {
        String good = Files.readString(halo.home().messages());
        for (String bad :
                new String[] {"{\"parent_dm\":{\"tools\":[]}} child-dm", "{\"child_dm\":{\"tools\":[]}} parent-dm"}) {
            String failing = bad.substring(bad.lastIndexOf(' ') + 1);
            Files.writeString(halo.home().messages(), bad.substring(0, bad.lastIndexOf(' ')));
            halo.backUp("b-without-" + failing);
            Files.writeString(halo.home().messages(), good);
            Map<String, String> before = halo.state();
            Answer answer = halo.restore("backupId", "b-without-" + failing, "restorePaths", "config");
            assertEquals(500, answer.status());
            assertTrue(answer.text("message").contains("'" + failing + "'"), answer.body());
            assertEquals(before, halo.state());
        }
    }

    @Test
    void halo11_eachQuestionOfTheChecklistCanBeAnsweredWithNo() throws Exception {
        Checklist checklist = new Checklist(halo.plane());
        var none = Set.<String>of();
        assertEquals(500, halo.restore("backupId", "b-never-was").status());
        assertFalse(checklist.holds(Checklist.NO_NEW_INCIDENT, none), "there is one that was not there before");
        assertTrue(checklist.holds(Checklist.NO_NEW_INCIDENT, checklist.incidents()));
        HaloHome home = new HaloHome(folder.resolve("unwell"));
        Family.moveIn(home);
        try (HaloServer unwell = HaloServer.open(home)) {
            Checklist asked = new Checklist(unwell::ask);
            unwell.ask("POST", "/memory/lane", Map.of("lane", "lane"), "x");
            asked.ask(none).forEach((question, holds) -> assertTrue(holds, question));
            Files.writeString(home.household(), Family.HOUSEHOLD.replace(",\"cleo\":\"child\"", ""));
            assertTrue(asked.holds(Checklist.CHILD_DM, none), "where there is no child");
            Files.writeString(home.household(), Family.HOUSEHOLD.replace("[\"ana\"]", "[]"));
            assertFalse(asked.holds(Checklist.MEMORY_EXPORT, none), "nobody may");
            Files.writeString(home.messages(), "{}");
            assertThrows(InvalidValueException.class, () -> asked.holds(Checklist.PARENT_DM, none));
            assertThrows(InvalidValueException.class, () -> asked.holds(Checklist.TRANSCRIPT_WRITE, none));
            Files.writeString(home.household(), "{");
            assertThrows(MalformedJsonException.class, () -> asked.holds(Checklist.STATUS, none));
        }
    }
}
