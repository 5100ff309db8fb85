package dev.cairn.backup.examples.sonia.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.packed.CopyReport;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.show.WorkFolder;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What operators ask of the memory service's backups. Every call is a line in the audit log.
 *
 * @param place where things lie
 * @param memory the database
 * @param repository the repository
 * @param manager its manager
 * @param operations the manager, for callers
 * @param copy the second copy
 * @param clock the wall clock
 */
record BackupRoutes(
        SoniaPlace place,
        MemoryDatabase memory,
        PackedRepository repository,
        SnapshotManager manager,
        BackupOperations operations,
        SecondCopy copy,
        InstantSource clock) {

    void on(JsonServer server) {
        server.route("POST", "/v1/backups", this::create)
                .route("GET", "/v1/backups", this::list)
                .route("POST", "/v1/backups/delete", this::delete)
                .route("POST", "/v1/backups/export", this::export)
                .route("POST", "/v1/backups/restore", this::restore)
                .route("POST", "/v1/backups/rows", this::rows)
                .route("POST", "/v1/backups/copy", this::copy)
                .route("GET", "/v1/backups/health", call -> health());
    }

    private Answer create(Call call) {
        call.json();
        SnapshotReport report = operations.create(actor(call), "", request -> request.label(MemoryBackups.MANUAL));
        ObjectNode answer = told(report.metadata());
        strings(answer.putArray("warnings"), report.warnings());
        strings(answer.putArray("suspicions"), report.suspicions());
        return Answer.ok(answer);
    }

    private Answer list(Call call) {
        ArrayNode answer = Json.MAPPER.createArrayNode();
        operations.list(actor(call)).forEach(snapshot -> answer.add(told(snapshot)));
        return Answer.ok(answer);
    }

    private Answer delete(Call call) {
        String id = text(call.json(), "backup_id");
        operations.delete(actor(call), id);
        return Answer.ok(Json.MAPPER.createObjectNode().put("deleted", id));
    }

    /** Readable by the owner only, and no longer encrypted: for an operator who wants to look, or to take it elsewhere by hand. */
    private Answer export(Call call) {
        SnapshotId id = SnapshotId.of(text(call.json(), "backup_id"));
        Path file = operations.run(
                actor(call), Operation.of("snapshot.export", id.value()), () -> written(id, place.databaseFiles()));
        return Answer.ok(Json.MAPPER.createObjectNode().put("path", file.toString()));
    }

    private Path written(SnapshotId id, Path folder) {
        try {
            return SnapshotFile.write(repository, id, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One call instead of eight steps: {@code backup_id} or {@code at}, and {@code operator} and {@code reason} for one that is older than a day. */
    private Answer restore(Call call) {
        JsonNode body = call.json();
        Optional<RestorePoint> point =
                optional(body, "at").map(at -> manager.restorePoint(MemoryBackups.DATABASE, instant(at)));
        String id = point.map(found -> found.base().value()).orElseGet(() -> text(body, "backup_id"));
        RestoreReport report = operations.restore(actor(call), id, request -> {
            RestoreRequest wanted = point.map(RestoreRequest::of).orElse(request);
            return optional(body, "operator")
                    .map(operator -> wanted.approvedBy(operator, text(body, "reason")))
                    .orElse(wanted);
        });
        ObjectNode answer = Json.MAPPER
                .createObjectNode()
                .put("restored", report.snapshot().id().value())
                .put("duration_seconds", report.elapsed().toMillis() / 1000.0);
        report.safetySnapshot().ifPresent(safety -> answer.put("before", safety.value()));
        strings(answer.putArray("warnings"), report.warnings());
        return Answer.ok(answer);
    }

    /** Brings chosen memories back from a backup; the rest of the database is not touched. */
    private Answer rows(Call call) {
        JsonNode body = call.json();
        SnapshotId id = SnapshotId.of(text(body, "backup_id"));
        List<String> ids = new ArrayList<>();
        body.path("ids").forEach(one -> ids.add(one.asText()));
        if (ids.isEmpty()) {
            throw new InvalidValueException("ids", body.path("ids"), "an array of at least one memory's id");
        }
        MemoryDatabase.Rescued rescued = operations.run(
                actor(call), Operation.of("memories.bring-back", id.value()), () -> broughtBack(id, ids));
        ObjectNode answer = Json.MAPPER.createObjectNode();
        strings(answer.putArray("restored"), rescued.restored());
        strings(answer.putArray("already_present"), rescued.present());
        return Answer.ok(answer);
    }

    private MemoryDatabase.Rescued broughtBack(SnapshotId id, List<String> ids) {
        try {
            Path aside = Files.createTempDirectory(Files.createDirectories(place.disk()), "aside-");
            try {
                return memory.bringBack(written(id, aside), ids);
            } finally {
                WorkFolder.deleteTree(aside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("memories of backup " + id + " cannot be brought back", e);
        }
    }

    private Answer copy(Call call) {
        CopyReport report = operations.run(actor(call), Operation.onRepository("repository.copy"), () -> copy.now());
        return Answer.ok(Json.MAPPER
                .createObjectNode()
                .put("snapshots", report.snapshots())
                .put("blobs", report.blobs())
                .put("bytes", report.bytes())
                .put("present", report.present()));
    }

    /** The service level: what was promised, what was measured, and what to look at. */
    private Answer health() {
        BackupHealth health = manager.health();
        ObjectNode answer =
                Json.MAPPER.createObjectNode().put("status", health.status().name());
        new ServiceLevel(health).write(answer);
        strings(answer.putArray("problems"), health.problems());
        List<SnapshotMetadata> snapshots = manager.list();
        Hygiene hygiene = Hygiene.of(place.disk(), place.backups(), place.share());
        strings(answer.putArray("warnings"), hygiene.warnings(health, snapshots, clock.instant()));
        SecondCopy.Standing second = copy.standing();
        ObjectNode share = answer.putObject("second_copy");
        second.last().ifPresent(at -> share.put("last", at.toString()));
        second.problem().ifPresent(problem -> share.put("problem", problem));
        return Answer.ok(answer);
    }

    private static ObjectNode told(SnapshotMetadata snapshot) {
        ObjectNode told = Json.MAPPER
                .createObjectNode()
                .put("backup_id", snapshot.id().value())
                .put("timestamp", snapshot.createdAt().toString())
                .put("trigger", snapshot.trigger().name())
                .put("size_bytes", snapshot.sizeBytes())
                .put("memories", snapshot.counts().getOrDefault("memories", 0L));
        snapshot.schedule().ifPresent(schedule -> told.put("schedule", schedule));
        snapshot.label().ifPresent(label -> told.put("label", label));
        return told;
    }

    private static void strings(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static Optional<String> optional(JsonNode body, String field) {
        return Optional.of(body.path(field).asText()).filter(text -> !text.isBlank());
    }

    private static String text(JsonNode body, String field) {
        return optional(body, field)
                .orElseThrow(() -> new InvalidValueException(field, "", "a text that is not blank"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidValueException("at", text, "a time such as 2026-02-15T14:23:45Z");
        }
    }

    private static Actor actor(Call call) {
        return Actor.of("operator").at(call.from().getHostAddress());
    }
}
