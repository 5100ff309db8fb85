package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Names that mean the same on every machine. To this machine a backslash may be a letter like any other, to the next one it leads to another folder; so no backup gets such a name, and none is
 * restored that has one.
 */
final class PortableNames {

    private PortableNames() {}

    private static boolean isPortable(String path) {
        return path.indexOf('\\') < 0 && !path.matches("(?s)[A-Za-z]:.*");
    }

    /** @throws InvalidValueException if there is another in that folder */
    static void requireIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
                    return require(folder, below);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return require(folder, file);
                }

                @Override
                public FileVisitResult visitFileFailed(Path gone, IOException e) {
                    return FileVisitResult
                            .CONTINUE; // The family goes on writing; what cannot be read fails the backup.
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read", e);
        }
    }

    private static FileVisitResult require(Path folder, Path found) {
        String name = String.valueOf(found.getFileName());
        if (!isPortable(name)) {
            throw new InvalidValueException("a name in " + folder, name, "one without \\ and drive");
        }
        return FileVisitResult.CONTINUE;
    }

    /** @throws DamagedSnapshotException if a manifest names another */
    static void requireIn(SnapshotId backup, JsonNode manifest) {
        for (JsonNode dataset : manifest.path("datasets")) {
            for (JsonNode line : dataset.path("listing")) {
                String path = line.path("path").asText();
                if (!isPortable(path)) {
                    throw new DamagedSnapshotException(
                            backup,
                            dataset.path("name").asText() + "/" + path,
                            "is a name that HALO backs up nowhere",
                            null);
                }
            }
        }
    }
}
