package dev.cairn.backup.examples.sonia.gateway;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.sonia.Lifetime;
import dev.cairn.backup.examples.sonia.Options;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The gateway as a process: {@code ApiGateway <folder> [--port n] [--backups path] [--share path] [--ahead duration]}. */
public final class ApiGateway {

    private final LiveGateway gateway;
    private final GatewayBackups backups;

    private ApiGateway(LiveGateway gateway, GatewayBackups backups) {
        this.gateway = gateway;
        this.backups = backups;
    }

    /** @param args see the class */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.orExit("ApiGateway", Set.of("port", "backups", "share", "ahead"), args);
        SoniaPlace place = SoniaPlace.of(options);
        LiveGateway gateway = new LiveGateway(new Tools(place.files()), options.clock());
        try (GatewayBackups backups = new GatewayBackups(place, gateway, options.clock());
                JsonServer server = JsonServer.start(options.port())) {
            new ApiGateway(gateway, backups).serve(server);
            Lifetime.of(server);
        }
    }

    private void serve(JsonServer server) {
        server.route("GET", "/healthz", call -> health())
                .route("POST", "/v1/sessions", this::connect)
                .route("POST", "/v1/confirmations", this::ask)
                .route("POST", "/v1/tools", this::tool)
                .route(
                        "GET",
                        "/v1/dead-letters",
                        call -> letters(gateway.state().dlq()))
                .route("POST", "/v1/dead-letters/replay", this::replay)
                .route("POST", "/v1/backups", this::backup)
                .route("GET", "/v1/backups", call -> list())
                .route("POST", "/v1/backups/delete", this::delete)
                .route("POST", "/v1/backups/restore/dlq", this::takeBack);
    }

    private Answer health() {
        return Answer.ok(GatewayState.MAPPER
                .createObjectNode()
                .put("status", "ok")
                .put("backups", backups.manager().health().status().name()));
    }

    private Answer connect(Call call) {
        return told(gateway.connect(text(call.json(), "user_id")));
    }

    private Answer ask(Call call) {
        JsonNode body = call.json();
        return told(gateway.ask(text(body, "session_id"), text(body, "capability"), args(body)));
    }

    private Answer tool(Call call) {
        JsonNode body = call.json();
        Optional<DeadLetter> failed = gateway.call(text(body, "session_id"), text(body, "capability"), args(body));
        return failed.map(letter -> Answer.of(502, GatewayState.MAPPER.valueToTree(letter)))
                .orElseGet(() -> Answer.ok(Map.of("status", "done")));
    }

    private Answer replay(Call call) {
        String id = text(call.json(), "id");
        try {
            return told(gateway.replay(id));
        } catch (IOException e) {
            return Answer.of(502, Map.of("error", "replay_failed", "message", String.valueOf(e.getMessage())));
        }
    }

    private Answer backup(Call call) throws IOException {
        call.json(); // Malformed bodies are refused although nothing is asked of them.
        return Answer.ok(backups.create(operator(call)));
    }

    private Answer delete(Call call) {
        String id = text(call.json(), "backup_id");
        backups.delete(operator(call), id);
        return Answer.ok(Map.of("deleted", id));
    }

    private Answer list() {
        return Answer.ok(backups.manager().list().stream()
                .map(snapshot -> Map.of(
                        "backup_id", snapshot.id().value(),
                        "timestamp", snapshot.createdAt().toString(),
                        "counts", snapshot.counts()))
                .toList());
    }

    /** Sessions, confirmations and breakers belong to the process that died: whoever was connected must connect anew. */
    private Answer takeBack(Call call) {
        GatewayFile file = GatewayFile.read(call.json());
        LiveGateway.Restored done = backups.audited(
                operator(call),
                Operation.of("dead-letters.restore", file.backupId()),
                () -> gateway.takeBack(file.state().dlq()));
        ObjectNode answer = GatewayState.MAPPER
                .createObjectNode()
                .put("backup_id", file.backupId())
                .put("restored", done.restored())
                .put("already_present", done.present())
                .put("replayed", 0);
        ObjectNode skipped = answer.putObject("skipped");
        skip(skipped, "sessions", file.state().sessions());
        skip(skipped, "confirmations", file.state().confirmations());
        skip(skipped, "breakers", file.state().breakers());
        return Answer.ok(answer);
    }

    private static void skip(ObjectNode skipped, String what, List<?> of) {
        skipped.putObject(what).put("count", of.size()).put("reason", "ephemeral");
    }

    private static Answer letters(List<DeadLetter> letters) {
        ObjectNode answer = GatewayState.MAPPER.createObjectNode().put("count", letters.size());
        answer.set("dead_letters", GatewayState.MAPPER.valueToTree(letters));
        return Answer.ok(answer);
    }

    private static Answer told(Object value) {
        return Answer.ok(GatewayState.MAPPER.<JsonNode>valueToTree(value));
    }

    private static String text(JsonNode body, String field) {
        String text = body.path(field).asText();
        if (text.isBlank()) {
            throw new InvalidValueException(field, text, "a text that is not blank");
        }
        return text;
    }

    private static Map<String, String> args(JsonNode body) {
        JsonNode args = body.path("args");
        return args.isObject() ? GatewayState.MAPPER.convertValue(args, new TypeReference<>() {}) : Map.of();
    }

    private static Actor operator(Call call) {
        return Actor.of("operator").at(call.from().getHostAddress());
    }
}
