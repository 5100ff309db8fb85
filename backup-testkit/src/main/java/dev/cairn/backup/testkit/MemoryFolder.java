package dev.cairn.backup.testkit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A temporary folder in memory where the platform has room for one, else in the default temporary folder. For tests that make thousands of states of a
 * disk and need none of them to be durable. Closing it removes it.
 */
public final class MemoryFolder implements AutoCloseable {

    private static final Path LINUX = Path.of("/dev/shm");
    private static final long ROOM = 1L << 30;

    private final Path path;

    private MemoryFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @throws IOException if none can be made
     */
    public static MemoryFolder create() throws IOException {
        boolean inMemory = Files.isWritable(LINUX) && Files.getFileStore(LINUX).getUsableSpace() > ROOM;
        return new MemoryFolder(
                inMemory ? Files.createTempDirectory(LINUX, "cairn") : Files.createTempDirectory("cairn"));
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
