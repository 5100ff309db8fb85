package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.InvalidValueException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What capture and restore need to know of a configured database.
 *
 * @param name the dataset's name
 * @param configured the path as the host gave it, made absolute
 * @param busyTimeout how long to wait for a lock of another connection, at least zero
 * @param thoroughCheck whether a restored copy gets the full integrity check
 * @param counts named counts and the query of each, in order
 */
public record DatabaseSettings(
        String name, Path configured, Duration busyTimeout, boolean thoroughCheck, Map<String, String> counts) {

    private static final Duration DEFAULT_BUSY_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_BUSY_TIMEOUT = Duration.ofMinutes(10);

    /**
     * A database without any options. Touches nothing.
     *
     * @throws InvalidValueException if the dataset's name or the path is not allowed
     */
    public static DatabaseSettings of(String name, Path database) {
        if (!name.matches("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}")) {
            throw new InvalidValueException(
                    "dataset name", name, "1 to 64 characters of a-z A-Z 0-9 . _ -, not beginning with a dot");
        }
        if (!database.getFileSystem().equals(FileSystems.getDefault()) || database.getFileName() == null) {
            throw new InvalidValueException("database", database, "the path of a file on the default file system");
        }
        return new DatabaseSettings(name, database.toAbsolutePath().normalize(), DEFAULT_BUSY_TIMEOUT, false, Map.of());
    }

    /** @throws InvalidValueException if nobody may wait that long for a lock */
    public static Duration allowedTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.compareTo(LONGEST_BUSY_TIMEOUT) > 0) {
            throw new InvalidValueException("busy timeout", timeout, "zero to 10 minutes");
        }
        return timeout;
    }

    /** The files as they lie on disk now; a symbolic link is followed afresh at each call. */
    public DatabaseFiles files() {
        return DatabaseFiles.of(configured);
    }
}
