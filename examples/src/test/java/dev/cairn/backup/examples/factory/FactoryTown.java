package dev.cairn.backup.examples.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.FactorySite.Started;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.JsonClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A factory and a tower that run, for tests that talk to them as their operators do. */
final class FactoryTown implements AutoCloseable {

    final FactorySite site;
    private final int towerPort;
    private Started tower;
    private JsonClient towerClient;
    private Started factory;
    private JsonClient factoryClient;

    FactoryTown(Path folder) throws IOException {
        site = FactorySite.in(folder, 512);
        tower = site.startTower();
        towerPort = tower.port();
        towerClient = new JsonClient(towerPort);
        try {
            startFactory();
        } catch (IOException e) {
            tower.close();
            throw e;
        }
    }

    FactoryPlace place() {
        return site.place();
    }

    Answer get(String path) throws IOException, InterruptedException {
        return factoryClient.get(path);
    }

    Answer post(String path) throws IOException, InterruptedException {
        return post(path, "");
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return factoryClient.post(path, body);
    }

    /** The same, and it must be done. */
    JsonNode done(String path) throws IOException, InterruptedException {
        Answer answer = post(path);
        assertEquals(200, answer.status(), answer.body());
        return answer.json();
    }

    /** What the restore or drill that was asked for has proved; whatever its verdict. */
    static SignedStatement proof(Answer answer) {
        return SignedStatement.decode("the answer", answer.body().getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode said(SignedStatement statement) {
        return Json.read(statement.statement());
    }

    /** The points of a checklist and whether each was passed, in order. */
    static Map<String, Boolean> checklist(JsonNode proof) {
        Map<String, Boolean> points = new TreeMap<>();
        proof.path("checklist")
                .forEach(point -> points.put(
                        point.path("name").asText(), point.path("passed").asBoolean()));
        return points;
    }

    static List<String> steps(JsonNode proof) {
        return proof.path("steps").findValuesAsText("name");
    }

    /** A batch of the tower, not sent to the factory yet. */
    String batch(String line) throws IOException, InterruptedException {
        long epoch = get("/federation").json().path("epoch").asLong();
        return towerClient
                .post("/batch", "{\"line\":\"" + line + "\",\"epoch\":" + epoch + ",\"bytes\":16}")
                .body();
    }

    static String nonce(String batch) {
        return Json.read(batch).path("statement").path("nonce").asText();
    }

    List<String> texts(String list) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        get("/federation").json().path(list).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    List<SignedStatement> recoveries() throws IOException, InterruptedException {
        List<SignedStatement> all = new ArrayList<>();
        get("/recoveries")
                .json()
                .forEach(text -> all.add(
                        SignedStatement.decode("a recovery", text.asText().getBytes(StandardCharsets.UTF_8))));
        return all;
    }

    /** Takes the daily backup; answers its day. */
    String daily() throws IOException, InterruptedException {
        return done("/backup?kind=daily").path("day").asText();
    }

    /** kill -9. */
    void killFactory() throws IOException, InterruptedException {
        factory.child().kill();
        factory.close();
    }

    void startFactory() throws IOException {
        factory = site.startFactory(towerPort, "staging");
        factoryClient = new JsonClient(factory.port());
    }

    void killTower() throws IOException, InterruptedException {
        tower.child().kill();
        tower.close();
    }

    void startTower() throws IOException {
        tower = site.startTower(towerPort);
        towerClient = new JsonClient(towerPort);
    }

    /** Both end in good order once whoever has started them is gone. */
    void end() throws IOException, InterruptedException {
        try (this) {
            for (Started each : List.of(factory, tower)) {
                each.child().endInput();
                assertEquals(0, each.child().exitCode());
            }
        }
    }

    @Override
    public void close() throws IOException {
        factory.close();
        tower.close();
    }
}
