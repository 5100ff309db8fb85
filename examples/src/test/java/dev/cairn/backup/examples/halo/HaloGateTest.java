package dev.cairn.backup.examples.halo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may back up and restore, and in which order that is asked. */
class HaloGateTest {

    @TempDir
    static Path folder;

    private static RunningHalo halo;

    @BeforeAll
    static void start() throws IOException {
        halo = RunningHalo.movedIn(folder.resolve("halo"));
    }

    @AfterAll
    static void stop() throws IOException {
        halo.close();
    }

    private static Answer restore(String... query) throws IOException, InterruptedException {
        return halo.plane().post("/operations/backup/restore", "", query);
    }

    private static void refused(int status, String body, String outcome, Answer answer) {
        assertEquals(status + " " + body, answer.status() + " " + answer.body());
        assertEquals("snapshot.restore", halo.lastAudit().path("action").asText());
        assertEquals(outcome, halo.lastAudit().path("outcome").asText());
    }

    @Test
    void halo01_aMemberMustBeNamedThenThePolicyDecidesThenAnIdIsMissed() throws Exception {
        int lines = halo.audit().size();
        refused(400, "{\"error\":\"missing_member_id\"}", "denied", restore("backupId", "b-1"));
        refused(400, "{\"error\":\"missing_member_id\"}", "denied", restore("memberId", "  "));
        refused(403, forbidden("member_not_found"), "denied", restore("memberId", "stranger"));
        refused(403, forbidden("not_parent"), "denied", restore("memberId", Family.CHILD));
        refused(403, forbidden("parent_not_manager"), "denied", restore("memberId", Family.PARENT, "backupId", "b-1"));
        assertEquals("b-1", halo.lastAudit().path("target").asText());
        assertEquals(
                "parent_not_manager",
                halo.lastAudit().path("details").path("reason").asText());
        assertEquals(
                Family.PARENT, halo.lastAudit().path("details").path("member").asText());
        refused(400, "{\"error\":\"missing_backup_id\"}", "failed", restore("memberId", Family.MANAGER));
        assertEquals(lines + 6, halo.audit().size(), "one line a call");
    }

    private static String forbidden(String reason) {
        return "{\"error\":\"operations_forbidden\",\"reason\":\"" + reason + "\"}";
    }

    @Test
    void halo01_aCreateNeedsNoIdButAMemberAndThePolicy() throws Exception {
        assertEquals(
                "{\"error\":\"missing_member_id\"}",
                halo.plane().post("/operations/backup/create", "").body());
        assertEquals(
                forbidden("not_parent"),
                halo.plane()
                        .post("/operations/backup/create", "", "memberId", Family.CHILD)
                        .body());
        assertEquals(200, halo.create().status());
    }

    @Test
    void halo01_whereTheCallComesFromIsAskedFirstAndWrittenWithoutAMember() throws Exception {
        HaloHome home = new HaloHome(folder.resolve("from-outside"));
        Family.moveIn(home);
        try (HaloServer server = HaloServer.open(home)) {
            for (String address :
                    List.of("192.168.1.9", "10.0.0.1", "128.0.0.1", "fe80::1", "::2", "::ffff:128.0.0.1")) {
                Answer answer = server.answer(from(address, Map.of("memberId", Family.MANAGER, "backupId", "b-1")));
                assertEquals("403 {\"error\":\"forbidden\"}", answer.status() + " " + answer.body(), address);
                JsonNode line = last(home);
                assertEquals("denied", line.path("outcome").asText());
                assertTrue(line.path("details").path("member").isMissingNode(), line.toString());
            }
            assertEquals("403 {\"error\":\"forbidden\"}", plain(server.answer(from("192.168.1.9", Map.of()))));
            for (String address : List.of("127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1")) {
                assertEquals(
                        "400 {\"error\":\"missing_member_id\"}",
                        plain(server.answer(from(address, Map.of()))),
                        address);
            }
        }
    }

    private static String plain(Answer answer) {
        return answer.status() + " " + answer.body();
    }

    private static JsonNode last(HaloHome home) {
        List<JsonNode> lines = TrailFiles.read(home.path("logs").resolve("operations-audit.jsonl"));
        return lines.get(lines.size() - 1);
    }

    private static Call from(String address, Map<String, String> query) throws IOException {
        return new Call("POST", "/operations/backup/restore", query, InetAddress.getByName(address), "");
    }

    @Test
    void halo01_whatAHeaderSaysOfTheCallersAddressCountsForNothing() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI route =
                URI.create("http://127.0.0.1:" + halo.port() + "/operations/backup/create?memberId=" + Family.MANAGER);
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(route)
                        .header("X-Forwarded-For", "192.168.1.9")
                        .header("Forwarded", "for=192.168.1.9")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                "127.0.0.1",
                halo.lastAudit("snapshot.create").path("details").path("remote").asText());
    }

    @Test
    void halo01_withoutAManagerListNobodyMayUnlessAnyParentMay() throws Exception {
        HaloHome home = new HaloHome(folder.resolve("no-list"));
        Family.moveIn(home);
        try (HaloServer server = HaloServer.open(home)) {
            String members = "{\"members\":{\"ana\":\"parent\",\"cleo\":\"child\"}";
            Files.writeString(home.household(), members + "}");
            assertEquals("403 " + forbidden("parent_not_manager"), plain(create(server, "ana")));
            Files.writeString(home.household(), members + ",\"managers\":[]}");
            assertEquals("403 " + forbidden("parent_not_manager"), plain(create(server, "ana")));
            Files.writeString(home.household(), members + ",\"anyParentMayOperate\":true}");
            assertEquals(200, create(server, "ana").status());
            assertEquals("403 " + forbidden("not_parent"), plain(create(server, "cleo")));
            Files.writeString(home.household(), "no household");
            assertEquals("403 " + forbidden("policy_failed"), plain(create(server, "ana")));
        }
    }

    private static Answer create(HaloServer server, String member) throws IOException {
        return server.ask("POST", "/operations/backup/create", Map.of("memberId", member), "");
    }
}
