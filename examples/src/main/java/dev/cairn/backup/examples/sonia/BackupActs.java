package dev.cairn.backup.examples.sonia;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.show.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * "Backup Types", "Backup Schedule", "Retention Policy" and the hygiene checklist.
 *
 * @param place the machine
 * @param report told what happens
 */
record BackupActs(SoniaPlace place, Report report) {

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    /** How long before 02:00 the night begins here, beside twice the time that a service takes to start: one that starts after 02:00 has missed nothing, and would wait for the next night. */
    private static final Duration EVENING = Duration.ofSeconds(1);

    private static final int STARTS = 2;

    private static final long LONGEST_NIGHT = 120_000_000_000L;

    /** The service's clock is set so far ahead that it is soon two in the morning. */
    void play() throws IOException, InterruptedException {
        Duration start = gatewayState();
        ZonedDateTime now = ZonedDateTime.now(ZONE);
        Instant two = now.toLocalDate().plusDays(1).atTime(2, 0).atZone(ZONE).toInstant();
        Duration ahead = Duration.between(now.toInstant(), two).minus(EVENING.plus(start.multipliedBy(STARTS)));
        try (RunningService memory = SoniaStack.memory(place, "--ahead", ahead.toString(), "--zone", ZONE.getId())) {
            database(memory);
            night(memory, ahead);
            hygiene(memory);
            report.check("the service stops in good order", memory.stop() == 0);
        }
    }

    /** Answers how long the gateway has taken to start. */
    private Duration gatewayState() throws IOException, InterruptedException {
        report.title("Gateway state backup, on demand");
        long began = System.nanoTime();
        try (RunningService gateway = SoniaStack.gateway(place)) {
            Duration start = Duration.ofNanos(System.nanoTime() - began);
            String session = Sonia.ordered(gateway, "/v1/sessions", "{\"user_id\":\"user@example.com\"}")
                    .path("session_id")
                    .asText();
            Sonia.ordered(
                    gateway,
                    "/v1/confirmations",
                    "{\"session_id\":\"" + session
                            + "\",\"capability\":\"file.write\",\"args\":{\"path\":\"test.txt\"}}");
            gateway.post("/v1/tools", "{\"session_id\":\"" + session + "\",\"capability\":\"mail.send\"}");
            JsonNode answer = Sonia.ordered(gateway, "/v1/backups", "{}");
            report.say(answer.toString());
            JsonNode manifest = answer.path("manifest");
            report.check(
                    "it holds 1 session, 1 confirmation, 1 dead letter and 13 breakers",
                    manifest.path("sessions_count").asInt() == 1
                            && manifest.path("confirmations_count").asInt() == 1
                            && manifest.path("dlq_count").asInt() == 1
                            && manifest.path("breakers_count").asInt() == 13);
            report.check(
                    "the file is there", Files.size(Path.of(answer.path("path").asText())) > 0);
            gateway.kill();
            return start;
        }
    }

    private void database(RunningService memory) throws IOException, InterruptedException {
        report.title("Database backup, on demand, while the service runs");
        Sonia.ordered(memory, "/v1/memory/add", "{\"content\":\"the user likes tea\"}");
        JsonNode backup = Sonia.ordered(memory, "/v1/backups", "{}");
        report.say(backup.toString());
        String id = backup.path("backup_id").asText();
        String path = Sonia.ordered(memory, "/v1/backups/export", "{\"backup_id\":\"" + id + "\"}")
                .path("path")
                .asText();
        report.check("written out on request as " + path, Files.size(Path.of(path)) > 0);
        JsonNode copied = Sonia.ordered(memory, "/v1/backups/copy", "{}");
        report.check(
                "the copy on the share is complete: " + copied,
                Files.exists(
                        place.share().resolve("repository").resolve("snapshots").resolve(id)));
    }

    private void night(RunningService memory, Duration ahead) throws IOException, InterruptedException {
        report.title("Daily backup: the clock is " + ahead + " ahead, it is almost 02:00 in " + ZONE);
        long end = System.nanoTime() + LONGEST_NIGHT;
        @Nullable JsonNode daily = null;
        while (daily == null && System.nanoTime() < end) {
            Thread.sleep(100);
            for (JsonNode backup : memory.get("/v1/backups").json()) {
                daily = backup.path("schedule").asText().equals("daily") ? backup : daily;
            }
        }
        report.check("at two the service backs up by itself: " + daily, daily != null);
    }

    private void hygiene(RunningService memory) throws IOException, InterruptedException {
        report.title("Hygiene: what the operator would look through every week");
        JsonNode health = memory.get("/v1/backups/health").json();
        health.path("warnings").forEach(warning -> report.say("warning  " + warning.asText()));
        report.say("level    " + health.path("service_level"));
        report.check("no alert stands", health.path("alerts").isEmpty());
    }
}
