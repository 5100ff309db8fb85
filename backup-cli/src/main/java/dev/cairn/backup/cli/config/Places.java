package dev.cairn.backup.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Resolves paths against the file's folder, and remembers those that no dataset may contain or lie in. */
final class Places {

    private final Path base;
    private final Map<String, Path> stores = new LinkedHashMap<>();
    private final Map<String, Path> keys = new LinkedHashMap<>();

    Places(Path base) {
        this.base = base;
    }

    /** A path that may lie anywhere. */
    Optional<Path> path(Section section, String name, String allowed) {
        return section.parsed(name, allowed, this::resolve);
    }

    /** A folder of the engine's own. */
    Optional<Path> folder(Section section, String name, String allowed) {
        Optional<Path> path = path(section, name, allowed);
        path.ifPresent(folder -> stores.put("'" + name + "'", folder));
        return path;
    }

    /** The repository's folder. */
    void repository(Path folder) {
        stores.put("the repository", folder);
    }

    /** A key file, which no dataset may contain. */
    void key(Path file) {
        keys.put("the key", file);
    }

    /** What is in the way of a dataset there; empty if nothing is. Links are followed when a manager opens, which looks again. */
    Optional<String> conflict(Path dataset) {
        for (Map.Entry<String, Path> store : stores.entrySet()) {
            if (dataset.startsWith(store.getValue()) || store.getValue().startsWith(dataset)) {
                return Optional.of(
                        dataset + " and " + store.getKey() + " at " + store.getValue() + " lie within each other");
            }
        }
        return keys.entrySet().stream()
                .filter(key -> key.getValue().startsWith(dataset))
                .map(key -> dataset + " contains " + key.getKey() + " at " + key.getValue())
                .findFirst();
    }

    /** A secret does not become a path, which messages would show. */
    private Path resolve(String text) throws InvalidPathException {
        if (SecretText.isSecret(text)) {
            throw new IllegalArgumentException("a secret");
        }
        return base.resolve(text).toAbsolutePath().normalize();
    }
}
