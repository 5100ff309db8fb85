package dev.cairn.backup.examples.sonia.memory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.sonia.Lifetime;
import dev.cairn.backup.examples.sonia.Options;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The memory service as a process: {@code MemoryService <folder> [--port n] [--backups path] [--share path] [--ahead duration] [--zone id]}, or {@code MemoryService <folder> --serve-only <database>} to
 * serve a database as it is, without backups of its own. Exit code 3 if the database is damaged.
 */
public final class MemoryService {

    private static final int DAMAGED = 3;

    private final MemoryDatabase memory;
    private final InstantSource clock;

    private MemoryService(MemoryDatabase memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /** @param args see the class */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.orExit(
                "MemoryService", Set.of("port", "backups", "share", "ahead", "zone", "serve-only"), args);
        try {
            Optional<Path> only = options.value("serve-only").map(Path::of);
            if (only.isPresent()) {
                serveOnly(only.get(), options);
            } else {
                serve(SoniaPlace.of(options), options);
            }
        } catch (MemoryDatabase.UnusableException e) {
            System.err.println(e.getMessage());
            System.exit(DAMAGED);
        }
    }

    private static void serveOnly(Path database, Options options) throws IOException, InterruptedException {
        MemoryDatabase memory = new MemoryDatabase(database);
        memory.openExisting();
        try (JsonServer server = JsonServer.start(options.port())) {
            new MemoryService(memory, options.clock()).on(server);
            Lifetime.of(server);
        } finally {
            memory.close();
        }
    }

    private static void serve(SoniaPlace place, Options options) throws IOException, InterruptedException {
        MemoryBackups backups = new MemoryBackups(place, options.clock());
        MemoryDatabase memory = new MemoryDatabase(place.database());
        try (AuditLog audit = backups.audit()) {
            backups.recover(audit); // Before anything opens the database.
            memory.open();
            serve(place, options, backups, memory, audit);
        } finally {
            memory.close();
        }
    }

    private static void serve(
            SoniaPlace place, Options options, MemoryBackups backups, MemoryDatabase memory, AuditLog audit)
            throws IOException, InterruptedException {
        InstantSource clock = options.clock();
        ZoneId zone = options.zone();
        PackedRepository repository = place.repository();
        try (JsonServer server = JsonServer.start(options.port());
                SecondCopy copy = new SecondCopy(place.repository(), place.shareStore(), clock);
                SnapshotManager manager = backups.configured(repository, memory, zone)
                        .audit(audit)
                        .listener(copy)
                        .listener(new YearlyPurge(memory, clock))
                        .open()) {
            BackupOperations operations = BackupOperations.of(manager, OperationPolicy.allowAll());
            new MemoryService(memory, clock).on(server);
            new BackupRoutes(place, memory, repository, manager, operations, copy, clock).on(server);
            Lifetime.of(server);
        }
    }

    private void on(JsonServer server) {
        server.route("GET", "/healthz", call -> guarded(() -> Map.of("status", "ok", "memories", memory.count())))
                .route("GET", "/v1/memory/search", this::search)
                .route(
                        "GET",
                        "/v1/memory/archived",
                        call -> guarded(() ->
                                found(memory.archived(call.parameter("keyword").orElse("")))))
                .route(
                        "POST",
                        "/v1/memory/add",
                        call -> guarded(
                                () -> memory.add(call.json().path("content").asText(), clock.instant())))
                .route(
                        "POST",
                        "/v1/memory/archive",
                        call -> guarded(() -> Map.of("archived", memory.archive(id(call), clock.instant()))))
                .route(
                        "POST",
                        "/v1/memory/unarchive",
                        call -> guarded(() -> Map.of("unarchived", memory.unarchive(id(call)))))
                .route("POST", "/v1/memory/delete", call -> guarded(() -> Map.of("deleted", memory.delete(id(call)))))
                .route(
                        "POST",
                        "/v1/memory/purge",
                        call -> guarded(() -> Map.of("purged", new YearlyPurge(memory, clock).now())));
    }

    private Answer search(Call call) {
        String query = call.parameter("query")
                .orElseThrow(() -> new InvalidValueException("query", "", "the words to search"));
        String limit = call.parameter("limit").orElse("10");
        if (!limit.matches("[0-9]{1,4}")) {
            throw new InvalidValueException("limit", limit, "a number");
        }
        return guarded(() -> found(memory.search(query, Integer.parseInt(limit))));
    }

    /** Work on the database. */
    private interface Work {
        Object done() throws SQLException;
    }

    /** While the database is restored there is nothing to answer from. */
    private static Answer guarded(Work work) {
        try {
            return Answer.ok(work.done());
        } catch (MemoryDatabase.UnusableException e) {
            return Answer.of(503, Map.of("error", "restoring", "message", String.valueOf(e.getMessage())));
        } catch (SQLException e) {
            return Answer.of(500, Map.of("error", "database", "message", String.valueOf(e.getMessage())));
        }
    }

    private static JsonNode found(List<Memory> memories) {
        return Json.MAPPER
                .createObjectNode()
                .put("count", memories.size())
                .set("results", Json.MAPPER.valueToTree(memories));
    }

    private static String id(Call call) {
        String id = call.json().path("id").asText();
        if (id.isBlank()) {
            throw new InvalidValueException("id", id, "a memory's id");
        }
        return id;
    }
}
