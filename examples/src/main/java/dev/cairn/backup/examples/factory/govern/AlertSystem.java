package dev.cairn.backup.examples.factory.govern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Alerts by the rules of {@code config/alert-rules.json}, appended to a log of their own. Thread-safe. */
public final class AlertSystem {

    private final Path rules;
    private final Path log;
    private volatile boolean running;

    /** @param config the folder of the configuration @param alerts the folder of the log */
    public AlertSystem(Path config, Path alerts) {
        this.rules = config.resolve("alert-rules.json");
        this.log = alerts.resolve("alerts.jsonl");
    }

    /** Starts it. */
    public void start() {
        running = true;
    }

    /** Stops it: no alert is told. */
    public void stop() {
        running = false;
    }

    /** Whether it runs. */
    public boolean running() {
        return running;
    }

    /**
     * Tells an alert if it runs and a rule knows the event.
     *
     * @return whether it was told
     */
    public synchronized boolean raise(String event, String text) throws IOException {
        for (JsonNode rule : Json.read(Files.readString(rules)).path("rules")) {
            if (running && rule.path("event").asText().equals(event)) {
                Map<String, String> line = new TreeMap<>(Map.of(
                        "at",
                        Instant.now().toString(),
                        "event",
                        event,
                        "severity",
                        rule.path("severity").asText(),
                        "text",
                        text));
                Files.createDirectories(log.getParent());
                Files.writeString(
                        log,
                        Json.MAPPER.valueToTree(line) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                return true;
            }
        }
        return false;
    }

    /** Whether an alert that is raised now arrives in the log. */
    public synchronized boolean works() throws IOException {
        String mark = UUID.randomUUID().toString();
        if (!raise("alert_test", mark)) {
            return false;
        }
        List<String> lines = Files.readAllLines(log);
        return lines.get(lines.size() - 1).contains(mark);
    }
}
