package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the restore tests share. */
final class Restores {

    private Restores() {}

    static DatabaseSettings settings(Path live) {
        return new DatabaseSettings("memory", live, Duration.ofMillis(200), false, Map.of());
    }

    /** A snapshot of a database that nobody has open. */
    static MemorySnapshot snapshotOf(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return MemorySnapshot.of(
                "memory",
                "sqlite",
                List.of(Entry.file(
                        EntryPath.of("memory.db"),
                        bytes.length,
                        EntryAttributes.of(null, 0640),
                        () -> new java.io.ByteArrayInputStream(bytes))));
    }

    static SortedSet<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return new TreeSet<>(all.map(path -> path.getFileName().toString()).toList());
        }
    }
}
