package dev.cairn.backup.examples.halo;

import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The two routes as they are written in an afternoon: copy the folders, write a manifest, copy them back, and write a line when it is done. It works, until somebody uses an id twice, something
 * fails, or the logs are restored.
 */
final class NaiveHalo implements Plane {

    private final HaloHome home;

    NaiveHalo(HaloHome home) {
        this.home = home;
    }

    @Override
    public Answer ask(String method, String path, Map<String, String> query, String body) throws IOException {
        String id = query.getOrDefault("backupId", "");
        try {
            if (path.endsWith("/create")) {
                create(id);
                audit("snapshot.create", id);
            } else {
                restore(id);
                audit("snapshot.restore", id);
            }
            return Answer.ok(Map.of("backupId", id));
        } catch (IOException e) {
            return Answer.of(500, Map.of("error", "backup_operation_failed", "message", e.toString()));
        }
    }

    private void create(String id) throws IOException {
        for (String path : HaloHome.PATHS) {
            copy(home.path(path), home.backups().resolve(id).resolve("snapshot").resolve(path));
        }
        Files.writeString(home.backups().resolve(id).resolve("manifest.json"), "{\"id\":\"" + id + "\"}");
    }

    private void restore(String id) throws IOException {
        Json.read(Files.readString(home.backups().resolve(id).resolve("manifest.json")));
        for (String path : HaloHome.PATHS) {
            copy(home.backups().resolve(id).resolve("snapshot").resolve(path), home.path(path));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : all) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void audit(String action, String target) {
        HouseFiles.append(
                home.path("logs").resolve("operations-audit.jsonl"),
                Answer.ok(Map.of("action", action, "target", target, "outcome", "allowed"))
                        .body());
    }
}
