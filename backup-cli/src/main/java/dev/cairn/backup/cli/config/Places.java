package dev.cairn.backup.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Resolves paths against the file's folder, and remembers those that no dataset may contain or lie in. */
final class Places {

    private final Path base;
    private static final String REPOSITORY = "the repository";

    private final Map<String, Path> stores = new LinkedHashMap<>();
    private final Set<Path> keys = new LinkedHashSet<>();

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
        path.ifPresent(folder -> {
            clash(folder).ifPresent(problem -> section.mistake(name, problem, allowed));
            stores.put("'" + name + "'", folder);
        });
        return path;
    }

    /** Whoever loses the repository must not lose what tells that it was changed; and two stores in one folder take each other's files for their own. */
    private Optional<String> clash(Path folder) {
        return stores.entrySet().stream()
                .filter(store -> store.getKey().equals(REPOSITORY)
                        ? overlap(folder, store.getValue())
                        : folder.equals(store.getValue()))
                .map(store -> within(folder.toString(), store))
                .findFirst();
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    private static String within(String one, Map.Entry<String, Path> store) {
        return one + " and " + store.getKey() + " at " + store.getValue() + " lie within each other";
    }

    /** The repository's folder. */
    void repository(Path folder) {
        stores.put(REPOSITORY, folder);
    }

    /** A key file, which neither a dataset nor the repository may contain. */
    void key(Path file) {
        keys.add(file);
    }

    /** The key file in the repository's folder, where whoever gets the snapshots gets what opens them; empty if there is none. */
    Optional<Path> keyWithin(Path repository) {
        return keys.stream().filter(key -> key.startsWith(repository)).findFirst();
    }

    /** What is in the way of a dataset there; empty if nothing is. Links are followed when a manager opens, which looks again. */
    Optional<String> conflict(Path dataset) {
        for (Map.Entry<String, Path> store : stores.entrySet()) {
            if (overlap(dataset, store.getValue())) {
                return Optional.of(within(dataset.toString(), store));
            }
        }
        return keys.stream()
                .filter(key -> key.startsWith(dataset))
                .map(key -> dataset + " contains the key at " + key)
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
