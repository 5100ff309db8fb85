package dev.cairn.backup.sqlite.live;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has a file open, as Linux's {@code /proc/<pid>/fd} tells it. SQLite itself cannot tell: a connection in rollback-journal mode that is between
 * transactions, and one in WAL mode that has not read yet, hold no lock at all.
 *
 * <p>Best effort. It sees this process always; other processes only as far as this one may look: those of the same user, all of them for
 * root, none in another container. On systems without {@code /proc} it sees nothing; Windows makes up for it by refusing to rename an open file.
 */
public final class OpenFiles {

    private static final Path PROC = Path.of("/proc");

    private OpenFiles() {}

    /** Whether the platform tells. */
    public static boolean supported() {
        return Files.isDirectory(PROC.resolve("self/fd"));
    }

    /**
     * The processes that have the file open, by id, with the number of descriptors of each. Looks only at names and {@code stat}; opens no
     * file but {@code /proc}'s own folders.
     */
    public static SortedMap<Long, Integer> holdersOf(Path file) throws IOException {
        SortedMap<Long, Integer> holders = new TreeMap<>();
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        if (key == null || !supported()) {
            return holders;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                int descriptors = descriptorsOf(process, key);
                if (descriptors > 0) {
                    holders.put(Long.parseLong(String.valueOf(process.getFileName())), descriptors);
                }
            }
        }
        return holders;
    }

    private static int descriptorsOf(Path process, Object key) {
        int count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Objects.equals(key, keyBehind(descriptor))) {
                    count++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The process ended meanwhile, or belongs to somebody else and may not be looked at.
            return count;
        }
        return count;
    }

    private static @Nullable Object keyBehind(Path descriptor) {
        try {
            // Sockets and pipes show as "socket:[1]"; only names with a slash are files, and only those are worth a
            // stat.
            return Files.readSymbolicLink(descriptor).isAbsolute()
                    ? Files.readAttributes(descriptor, BasicFileAttributes.class)
                            .fileKey()
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
