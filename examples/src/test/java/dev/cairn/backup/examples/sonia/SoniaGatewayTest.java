package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a process: its state backed up, its dead letters brought back. */
class SoniaGatewayTest {

    @TempDir
    static Path temp;

    private static SoniaPlace place;
    private static RunningService gateway;

    @BeforeAll
    static void start() throws Exception {
        place = SoniaPlace.at(temp.resolve("sonia"));
        gateway = SoniaStack.gateway(place);
    }

    @AfterAll
    static void end() throws Exception {
        gateway.close();
    }

    /** {@code kill -9} and another process, which remembers nothing. */
    private static void restart() throws Exception {
        gateway.kill();
        gateway.close();
        gateway = SoniaStack.gateway(place);
    }

    private JsonNode ok(String path, String body) throws Exception {
        Answer answer = gateway.post(path, body);
        assertEquals(200, answer.status(), answer.body());
        return answer.json();
    }

    private String fail(String session) throws Exception {
        Answer answer = gateway.post(
                "/v1/tools",
                "{\"session_id\":\"" + session + "\",\"capability\":\"mail.send\",\"args\":{\"to\":\"x\"}}");
        assertEquals(502, answer.status(), answer.body());
        return answer.text("id");
    }

    /** Two sessions, a confirmation and a dead letter. */
    private void populate() throws Exception {
        String session = ok("/v1/sessions", "{\"user_id\":\"user@example.com\"}")
                .path("session_id")
                .asText();
        ok("/v1/sessions", "{\"user_id\":\"other@example.com\"}");
        ok(
                "/v1/confirmations",
                "{\"session_id\":\"" + session + "\",\"capability\":\"file.write\",\"args\":{\"path\":\"test.txt\"}}");
        fail(session);
    }

    private JsonNode letters() throws Exception {
        return gateway.get("/v1/dead-letters").json();
    }

    @Test
    void sonia01_aBackupAnswersWhatItHoldsAndWritesAFileThatSaysTheSame() throws Exception {
        JsonNode held = ok("/v1/backups", "{}").path("manifest");
        populate();
        Instant before = Instant.now();
        JsonNode answer = ok("/v1/backups", "{}");
        assertEquals(Set.of("backup_id", "timestamp", "path", "manifest"), new TreeSet<>(fieldNames(answer)));
        assertTrue(answer.path("backup_id").asText().matches("bkp_\\d+"), answer::toString);
        Instant timestamp = Instant.parse(answer.path("timestamp").asText());
        assertFalse(timestamp.isBefore(before.minusSeconds(1))
                || timestamp.isAfter(Instant.now().plusSeconds(1)));
        Path path = Path.of(answer.path("path").asText());
        assertTrue(path.getFileName().toString().matches("gateway-state-\\d{8}-\\d{6}(-\\d+)?\\.json"), path::toString);
        if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }

        JsonNode manifest = answer.path("manifest");
        int sessions = held.path("sessions_count").asInt() + 2;
        int confirmations = held.path("confirmations_count").asInt() + 1;
        int letters = held.path("dlq_count").asInt() + 1;
        assertEquals(sessions, manifest.path("sessions_count").asInt());
        assertEquals(confirmations, manifest.path("confirmations_count").asInt());
        assertEquals(letters, manifest.path("dlq_count").asInt());
        assertEquals(13, manifest.path("breakers_count").asInt());

        ObjectNode file = (ObjectNode) Json.read(Files.readString(path));
        assertEquals(manifest, file.remove("manifest"));
        assertEquals(answer.path("backup_id"), file.path("backup_id"));
        assertEquals(answer.path("timestamp"), file.path("timestamp"));
        assertEquals(sessions, file.path("sessions").size());
        assertEquals(
                "user@example.com",
                file.path("sessions").path(sessions - 2).path("user_id").asText());
        assertEquals(confirmations, file.path("confirmations").size());
        JsonNode asked = file.path("confirmations").path(confirmations - 1);
        assertEquals("test.txt", asked.path("args").path("path").asText());
        assertEquals(120, asked.path("ttl").asInt());
        assertEquals(letters, file.path("dlq").size());
        assertEquals(13, file.path("breakers").size());
        assertEquals(digestByAnotherWriter(file), manifest.path("sha256").asText());
    }

    @Test
    void sonia01_everyBackupHasAFileOfItsOwnAlsoInOneSecond() throws Exception {
        Set<String> paths = new TreeSet<>();
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            JsonNode answer = ok("/v1/backups", "{}");
            paths.add(answer.path("path").asText());
            ids.add(answer.path("backup_id").asText());
        }
        assertEquals(3, ids.size());
        assertEquals(3, paths.size());
        for (String path : paths) {
            assertTrue(Files.size(Path.of(path)) > 0);
        }
        assertTrue(
                gateway.get("/v1/backups").json().findValuesAsText("backup_id").containsAll(ids));
        assertEquals(400, gateway.post("/v1/backups", "{").status());
    }

    /** Each failed call is a dead letter and a count of its breaker, one change: a backup that has one without the other is of two instants. */
    @Test
    void sonia01_theStateIsOfOneInstantWhileToolsFail() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                try {
                    fail("sess_load");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        int ahead = lettersAheadOfFailures();
        int first = letters().path("count").asInt();
        try {
            // Until calls have failed meanwhile: otherwise this would show nothing.
            for (int i = 0; i < 12 || letters().path("count").asInt() == first; i++) {
                assertEquals(ahead, lettersAheadOfFailures());
                assertFalse(load.isCompletedExceptionally(), "the load goes on");
            }
        } finally {
            enough.set(true);
            load.join();
        }
    }

    /** In a backup taken now. */
    private int lettersAheadOfFailures() throws Exception {
        JsonNode file = Json.read(
                Files.readString(Path.of(ok("/v1/backups", "{}").path("path").asText())));
        return file.path("dlq").size()
                - StreamSupport.stream(file.path("breakers").spliterator(), false)
                        .mapToInt(breaker -> breaker.path("failures").asInt())
                        .sum();
    }

    @Test
    void sonia04_manualBackupsOfTheGatewayAreKeptUntilTheyAreDeletedByHand() throws Exception {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 9; i++) {
            ids.add(ok("/v1/backups", "{}").path("backup_id").asText());
        }
        assertTrue(listed().containsAll(ids), "more than a week's worth of them stay");
        String first = ids.iterator().next();
        ok("/v1/backups/delete", "{\"backup_id\":\"" + first + "\"}");
        ids.remove(first);
        assertTrue(listed().containsAll(ids));
        assertFalse(listed().contains(first));
    }

    private static List<String> listed() throws Exception {
        return gateway.get("/v1/backups").json().findValuesAsText("backup_id");
    }

    @Test
    void sonia02_deadLettersComeBackInAnotherProcessAndNothingElseDoes() throws Exception {
        populate();
        JsonNode backup = ok("/v1/backups", "{}");
        String file = Files.readString(Path.of(backup.path("path").asText()));
        JsonNode manifest = backup.path("manifest");
        JsonNode before = letters().path("dead_letters");
        assertTrue(manifest.path("dlq_count").asInt() >= 1);
        restart();
        assertEquals(0, letters().path("count").asInt());

        JsonNode answer = ok("/v1/backups/restore/dlq", file);
        assertEquals(manifest.path("dlq_count"), answer.path("restored"));
        assertEquals(0, answer.path("already_present").asInt());
        for (String skipped : List.of("sessions", "confirmations", "breakers")) {
            JsonNode told = answer.path("skipped").path(skipped);
            assertTrue(told.path("count").asInt() >= 1, skipped);
            assertEquals(manifest.path(skipped + "_count"), told.path("count"), skipped);
            assertEquals("ephemeral", told.path("reason").asText(), skipped);
        }
        assertEquals(before, letters().path("dead_letters"));
        JsonNode taken = ok("/v1/backups", "{}");
        JsonNode now = taken.path("manifest");
        assertEquals(0, now.path("sessions_count").asInt());
        assertEquals(0, now.path("confirmations_count").asInt());
        assertEquals(manifest.path("dlq_count"), now.path("dlq_count"));
        JsonNode breakers = Json.read(
                        Files.readString(Path.of(taken.path("path").asText())))
                .path("breakers");
        breakers.forEach(breaker -> assertEquals(0, breaker.path("failures").asInt(), breaker::toString));
        assertFalse(answer.toString().contains("expired"));
    }

    @Test
    void sonia02_nothingIsReplayedUnlessSomebodyAsks() throws Exception {
        Path diary = place.files().resolve("diary.txt");
        String letter = "{\"id\":\"dlq_diary\",\"session_id\":\"sess_1\",\"capability\":\"file.append\","
                + "\"args\":{\"path\":\"diary.txt\",\"content\":\"hello\"},\"error\":\"the disk was full\","
                + "\"failed_at\":\"2026-02-15T14:00:00Z\",\"replayed\":false}";
        String file = "{\"backup_id\":\"bkp_1\",\"timestamp\":\"2026-02-15T14:23:45Z\",\"sessions\":[],"
                + "\"confirmations\":[],\"breakers\":[],\"dlq\":[" + letter + "]}";
        assertEquals(0, ok("/v1/backups/restore/dlq", file).path("replayed").asInt());
        assertFalse(Files.exists(diary));

        assertTrue(ok("/v1/dead-letters/replay", "{\"id\":\"dlq_diary\"}")
                .path("replayed")
                .asBoolean());
        assertEquals("hello\n", Files.readString(diary));
        assertEquals(
                400,
                gateway.post("/v1/dead-letters/replay", "{\"id\":\"dlq_diary\"}")
                        .status());
        assertEquals("hello\n", Files.readString(diary), "done twice");
    }

    @Test
    void sonia02_whatIsMalformedIsRefusedWholeWith400() throws Exception {
        populate();
        String good = ofAnotherGateway(
                Files.readString(Path.of(ok("/v1/backups", "{}").path("path").asText())));
        int before = letters().path("count").asInt();
        ObjectNode noList = (ObjectNode) Json.read(good);
        noList.remove("dlq");
        ObjectNode altered = (ObjectNode) Json.read(good);
        ((ObjectNode) altered.path("dlq").path(0)).put("capability", "shell.run");
        ObjectNode halfRight = (ObjectNode) Json.read(good);
        halfRight.remove("manifest");
        halfRight.withArray("dlq").addObject().put("capability", "mail.send");
        ObjectNode holes = (ObjectNode) Json.read(good);
        holes.remove("manifest");
        holes.withArray("dlq").addNull();
        ObjectNode timeless = (ObjectNode) Json.read(good);
        timeless.remove("manifest");
        timeless.remove("timestamp");
        for (String bad : List.of(
                "",
                "not json",
                good.substring(0, good.length() / 2),
                good + "{}",
                "[]",
                "null",
                noList.toString(),
                altered.toString(),
                holes.toString(),
                timeless.toString(),
                halfRight.toString())) {
            Answer answer = gateway.post("/v1/backups/restore/dlq", bad);
            assertEquals(400, answer.status(), () -> bad + " was answered with " + answer.body());
            assertNotEquals("", answer.text("message"));
            assertEquals(before, letters().path("count").asInt(), () -> bad + " restored something");
        }
        assertEquals(1, ok("/v1/backups/restore/dlq", good).path("restored").asInt());
        assertEquals(before + 1, letters().path("count").asInt());
    }

    /** The same backup with one letter that nobody here knows. */
    private static String ofAnotherGateway(String backup) throws Exception {
        ObjectNode body = (ObjectNode) Json.read(backup);
        ObjectNode manifest = (ObjectNode) body.remove("manifest");
        ObjectNode letter = (ObjectNode) body.path("dlq").path(0);
        letter.put("id", "dlq_of_another_gateway");
        body.putArray("dlq").add(letter);
        manifest.put("dlq_count", 1).put("sha256", digestByAnotherWriter(body));
        body.set("manifest", manifest);
        return body.toString();
    }

    private static Set<String> fieldNames(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Sorted keys and no spaces, by a mapper that shares nothing with the gateway's. */
    private static String digestByAnotherWriter(JsonNode body) throws Exception {
        ObjectMapper other = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        String compact = other.writeValueAsString(other.readValue(body.toString(), Map.class));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(compact.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
