package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups as the two routes make and restore them, in a running HALO. */
class HaloBackupTest {

    private static final List<String> ALL = List.of("config", "memory", "sessions", "transcripts", "logs");

    @TempDir
    static Path folder;

    private static RunningHalo halo;

    @BeforeAll
    static void start() throws Exception {
        halo = RunningHalo.movedIn(folder.resolve("halo"));
        halo.say(Family.PARENT, "good morning");
        halo.say(Family.CHILD, "help me with fractions");
        halo.remember("birthdays", "Cleo: 3 May");
    }

    @AfterAll
    static void stop() throws IOException {
        halo.close();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void failed(String action, String target, Answer answer) {
        assertEquals(500, answer.status(), answer.body());
        assertEquals("backup_operation_failed", answer.text("error"));
        assertFalse(answer.text("message").isBlank());
        JsonNode line = halo.lastAudit(action);
        assertEquals("failed", line.path("outcome").asText(), line.toString());
        assertEquals(target, line.path("target").asText());
        assertEquals(Family.MANAGER, line.path("details").path("member").asText());
    }

    @Test
    void halo02_aCreateAnswersWhereTheBackupIsAndWhatIsInIt() throws Exception {
        Answer answer = halo.create("backupId", "b-answers");
        assertEquals(200, answer.status(), answer.body());
        JsonNode body = answer.json();
        assertEquals("b-answers", body.path("backupId").asText());
        Path dir = halo.home().backups().resolve("b-answers");
        assertEquals(dir.toString(), body.path("backupDir").asText());
        assertEquals(
                dir.resolve("manifest.json").toString(),
                body.path("manifestPath").asText());
        assertEquals(ALL, texts(body.path("includedPaths")));
        Map<String, String> stored = RunningHalo.files(dir.resolve("snapshot"), dir.resolve("snapshot"));
        assertEquals(stored.size(), body.path("fileCount").asInt());
        assertEquals(bytes(stored), body.path("totalBytes").asLong());
    }

    private static long bytes(Map<String, String> files) {
        return files.values().stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    @Test
    void halo02_aRestoreAnswersWhatItRestored() throws Exception {
        halo.backUp("b-restored");
        Answer answer = halo.restore("backupId", "b-restored");
        assertEquals(200, answer.status(), answer.body());
        assertEquals("b-restored", answer.text("backupId"));
        assertEquals(halo.home().backups().resolve("b-restored/manifest.json").toString(), answer.text("manifestPath"));
        assertEquals(ALL, texts(answer.json().path("restoredPaths")));
    }

    @Test
    void halo02_anyFailureIsA500AndAuditedAsFailedWithItsTarget() throws Exception {
        failed("snapshot.restore", "b-nowhere", halo.restore("backupId", "b-nowhere"));
        failed("snapshot.restore", "../b", halo.restore("backupId", "../b"));
        halo.backUp("b-taken");
        failed("snapshot.create", "b-taken", halo.create("backupId", "b-taken"));
    }

    @Test
    void halo03_aBackupIsPlainFilesAndAManifestWithAChecksumForEach() throws Exception {
        Map<String, String> live = halo.state();
        halo.backUp("b-plain");
        Path dir = halo.home().backups().resolve("b-plain");
        assertEquals(live, RunningHalo.files(dir.resolve("snapshot"), dir.resolve("snapshot")));
        JsonNode manifest = Json.read(Files.readString(dir.resolve("manifest.json")));
        assertEquals("b-plain", manifest.path("id").asText());
        assertTrue(Duration.between(Instant.parse(manifest.path("createdAt").asText()), Instant.now())
                        .compareTo(Duration.ofMinutes(10))
                < 0);
        assertEquals(ALL, texts(manifest.path("includedPaths")));
        assertEquals(live.size(), manifest.path("fileCount").asInt());
        assertEquals(bytes(live), manifest.path("totalBytes").asLong());
        assertEquals(live.keySet(), checksums(dir, manifest).keySet());
    }

    /** The files of a manifest by their paths, each with a checksum that was compared with the stored file. */
    private static Map<String, String> checksums(Path dir, JsonNode manifest) throws Exception {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode dataset : manifest.path("datasets")) {
            for (JsonNode line : dataset.path("listing")) {
                if (line.path("type").asText().equals("FILE")) {
                    byte[] stored = Files.readAllBytes(
                            dir.getParent().resolve(line.path("stored").asText()));
                    String checksum = HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(stored));
                    assertEquals(checksum, line.path("checksum").asText());
                    found.put(
                            dataset.path("name").asText() + "/"
                                    + line.path("path").asText(),
                            checksum);
                }
            }
        }
        return found;
    }

    @Test
    void halo03_theManifestIsWrittenLast() throws Exception {
        halo.backUp("b-last");
        Path dir = halo.home().backups().resolve("b-last");
        Instant manifest =
                Files.getLastModifiedTime(dir.resolve("manifest.json")).toInstant();
        for (String file : RunningHalo.files(dir, dir.resolve("snapshot")).keySet()) {
            assertFalse(Files.getLastModifiedTime(dir.resolve(file)).toInstant().isAfter(manifest), file);
        }
    }

    @Test
    void halo03_withoutAnIdItIsNamedForTheTimeThatTheCallerGaveAndNeverHoldsTheBackups() throws Exception {
        Answer answer = halo.create("now", "2026-02-18T09:00:00.000Z");
        assertEquals("backup-2026-02-18T09-00-00-000Z", answer.text("backupId"), answer.body());
        assertEquals(
                "backup-2026-02-18T09-00-00-001Z",
                halo.create("now", "2026-02-18T10:00:00.001+01:00").text("backupId"));
        assertTrue(halo.create().text("backupId").matches("backup-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d-\\d{3}Z"));
        failed("snapshot.create", "b-of-backups", halo.create("backupId", "b-of-backups", "includePaths", "backups"));
        Path snapshot = halo.home().backups().resolve("backup-2026-02-18T09-00-00-000Z/snapshot");
        try (var children = Files.list(snapshot)) {
            assertEquals(
                    new TreeSet<>(ALL),
                    new TreeSet<>(children.map(child -> child.getFileName().toString())
                            .toList()));
        }
    }

    @Test
    void halo04_pathListsAreTrimmedAndDeduplicatedAndAnAbsentPathIsReported() throws Exception {
        Answer created = halo.create("backupId", "b-lists", "includePaths", " config, memory ,config,,attic");
        assertEquals(200, created.status(), created.body());
        assertEquals(List.of("config", "memory"), texts(created.json().path("includedPaths")));
        assertEquals(List.of("attic"), texts(created.json().path("absentPaths")));
        assertEquals(
                ALL,
                texts(halo.create("backupId", "b-lists-empty", "includePaths", " , ")
                        .json()
                        .path("includedPaths")));
        Answer all = halo.restore("backupId", "b-lists", "restorePaths", "");
        assertEquals(List.of("config", "memory"), texts(all.json().path("restoredPaths")), "empty: what it includes");
        Answer some = halo.restore("backupId", "b-lists", "restorePaths", "sessions , config,config");
        assertEquals(200, some.status(), some.body());
        assertEquals(List.of("config"), texts(some.json().path("restoredPaths")));
        assertEquals(List.of("sessions"), texts(some.json().path("absentPaths")));
    }

    @Test
    void halo04_aTimeThatIsNoneIsA400() throws Exception {
        Answer answer = halo.create("backupId", "b-when", "now", "yesterday");
        assertEquals("400 {\"error\":\"invalid_now\"}", answer.status() + " " + answer.body());
        assertEquals("b-when", halo.lastAudit("snapshot.create").path("target").asText());
        assertFalse(Files.exists(halo.home().backups().resolve("b-when")));
    }

    @Test
    void halo05_idsAndPathsThatLeadElsewhereAreRefused() throws Exception {
        halo.backUp("b-here");
        Map<String, String> before = halo.state();
        for (String id : List.of("../b", "a/b", "a\\b", "/etc", "C:b", "..")) {
            failed("snapshot.create", id, halo.create("backupId", id));
            failed("snapshot.restore", id, halo.restore("backupId", id));
        }
        for (String path : List.of("..", "config/..", "a\\b", "/etc", "C:config")) {
            failed("snapshot.create", "b-elsewhere", halo.create("backupId", "b-elsewhere", "includePaths", path));
            failed("snapshot.restore", "b-here", halo.restore("backupId", "b-here", "restorePaths", "config," + path));
        }
        assertEquals(before, halo.state());
        assertFalse(Files.exists(halo.home().backups().resolve("b-elsewhere")));
    }

    @Test
    void halo05_suchPathsInAManifestThatWasTamperedWithAreRefusedToo() throws Exception {
        for (String evil : List.of("../../escaped", "/tmp/escaped", "a\\..\\escaped", "C:escaped")) {
            String id = "b-tampered-" + Math.abs(evil.hashCode());
            halo.backUp(id);
            Path manifest = halo.home().backups().resolve(id).resolve("manifest.json");
            ForgedManifest.rename(manifest, "household.json", evil);
            Map<String, String> before = halo.state();
            Answer refused = halo.restore("backupId", id, "restorePaths", "config");
            failed("snapshot.restore", id, refused);
            assertTrue(refused.text("message").contains(evil), refused.body());
            assertEquals(before, halo.state());
        }
        try (var all = Files.walk(folder)) {
            assertTrue(all.noneMatch(file -> file.getFileName().toString().contains("escaped")));
        }
    }

    @Test
    void halo05_aForgeryWithAHarmlessPathWouldPass() throws Exception {
        halo.backUp("b-forged-well");
        Path manifest = halo.home().backups().resolve("b-forged-well/manifest.json");
        ForgedManifest.rename(manifest, "household.json", "harmless.json");
        Answer answer =
                halo.plane().post("/operations/backup/verify", "", RunningHalo.asManager("backupId", "b-forged-well"));
        assertEquals(
                200, answer.status(), "so it is the path that is refused, not the forgery as such: " + answer.body());
    }

    @Test
    void halo05_aNameThatLeadsElsewhereOnAnotherMachineIsNotBackedUp() throws Exception {
        Path odd = halo.home().path("memory").resolve("C:odd.jsonl");
        Files.writeString(odd, "x");
        try {
            Answer refused = halo.create("backupId", "b-odd");
            failed("snapshot.create", "b-odd", refused);
            assertTrue(refused.text("message").contains("C:odd.jsonl"), refused.body());
        } finally {
            Files.delete(odd);
        }
    }

    @Test
    void halo05_anIdIsUsedOnceAndNothingIsMergedIntoIt() throws Exception {
        halo.remember("gone", "soon");
        halo.backUp("b-once");
        Path dir = halo.home().backups().resolve("b-once");
        Map<String, String> first = RunningHalo.files(dir, dir);
        Files.delete(halo.home().lane("gone"));
        failed("snapshot.create", "b-once", halo.create("backupId", "b-once"));
        assertEquals(first, RunningHalo.files(dir, dir));
    }

    @Test
    void halo07_aRestoreReplacesThePathsChosenAndPutsLaterFilesInTheTrash() throws Exception {
        halo.remember("early", "first");
        halo.backUp("b-replaces");
        halo.remember("early", "second");
        halo.remember("later", "only in the trash now");
        halo.say(Family.PARENT, "not to be touched");
        Map<String, String> before = halo.state();
        Answer answer = halo.restore("backupId", "b-replaces", "restorePaths", "memory");
        assertEquals(200, answer.status(), answer.body());
        assertEquals("first\n", Files.readString(halo.home().lane("early")));
        assertFalse(Files.exists(halo.home().lane("later")));
        assertTrue(halo.state().get("transcripts/ben.jsonl").startsWith(before.get("transcripts/ben.jsonl")));
        JsonNode trash = halo.plane()
                .get("/operations/backup/trash", RunningHalo.asManager())
                .json()
                .path("trash")
                .path(0);
        assertEquals("memory", trash.path("path").asText());
        Map<String, String> kept = new TreeMap<>();
        try (var files = Files.walk(Path.of(trash.path("place").asText()))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                kept.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertEquals("only in the trash now\n", kept.get("later.jsonl"), kept.toString());
        assertEquals("first\nsecond\n", kept.get("early.jsonl"), kept.toString());
    }

    @Test
    void halo07_anOverlayLeavesLaterFilesAlone() throws Exception {
        halo.remember("under", "first");
        halo.backUp("b-overlay");
        halo.remember("under", "second");
        halo.remember("over", "stays");
        Answer answer = halo.restore("backupId", "b-overlay", "restorePaths", "memory", "overlay", "true");
        assertEquals(200, answer.status(), answer.body());
        assertEquals("first\n", Files.readString(halo.home().lane("under")));
        assertEquals("stays\n", Files.readString(halo.home().lane("over")));
    }

    @Test
    void halo07_restoringTheLogsTakesThemBackButNeverTheTrails() throws Exception {
        halo.say(Family.PARENT, "one");
        halo.backUp("b-logs");
        Path log = halo.home().path("logs").resolve("halo.log");
        String logged = Files.readString(log);
        halo.say(Family.PARENT, "two");
        String later = Files.readString(log);
        assertNotEquals(logged, later);
        halo.restore("backupId", "b-unknown");
        List<JsonNode> audit = halo.audit();
        List<JsonNode> incidents = halo.incidents();
        assertEquals(
                200, halo.restore("backupId", "b-logs", "restorePaths", "logs").status());
        assertTrue(Files.readString(log).startsWith(logged));
        assertFalse(Files.readString(log).startsWith(later), "what was logged since has gone back");
        assertEquals(audit, halo.audit().subList(0, audit.size()));
        assertEquals(incidents, halo.incidents().subList(0, incidents.size()));
        assertEquals("b-logs", halo.lastAudit("snapshot.restore").path("target").asText());
    }

    @Test
    void halo08_aSafetyBackupOfThePresentStateIsTakenFirst() throws Exception {
        halo.backUp("b-before");
        halo.remember("present", "at the restore");
        Map<String, String> present = halo.state();
        Answer answer = halo.restore("backupId", "b-before");
        assertEquals(200, answer.status(), answer.body());
        Path safety =
                halo.home().backups().resolve(answer.text("safetyBackupId")).resolve("snapshot");
        assertEquals(present, RunningHalo.files(safety, safety));
    }
}
