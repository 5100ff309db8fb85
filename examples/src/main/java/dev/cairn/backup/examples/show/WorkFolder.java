package dev.cairn.backup.examples.show;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder that the demonstration works in. One that it has made itself in the temporary directory is deleted at the end; one that somebody named stays.
 *
 * @param path where it is
 * @param temporary whether it is deleted at the end
 */
public record WorkFolder(Path path, boolean temporary) implements AutoCloseable {

    /** @throws IllegalArgumentException if the folder that was named is in use */
    public static WorkFolder of(Arguments arguments) throws IOException {
        if (arguments.folder().isEmpty()) {
            return new WorkFolder(Files.createTempDirectory("cairn-example-"), !arguments.keep());
        }
        Path named = arguments.folder().get().toAbsolutePath().normalize();
        if (Files.exists(named) && !Files.isDirectory(named)) {
            throw new IllegalArgumentException(named + " is not a folder");
        }
        if (Files.isDirectory(named) && !isEmpty(named)) {
            throw new IllegalArgumentException(
                    named + " is not empty; name a folder that is, or one that does not exist");
        }
        return new WorkFolder(Files.createDirectories(named).toRealPath(), false);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isEmpty();
        }
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            deleteTree(path);
        }
    }

    /** Deletes a folder with all that is in it; links are not followed. */
    public static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
