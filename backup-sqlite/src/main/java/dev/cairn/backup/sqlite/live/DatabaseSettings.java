package dev.cairn.backup.sqlite.live;

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

    /** The files as they lie on disk now; a symbolic link is followed afresh at each call. */
    public DatabaseFiles files() {
        return DatabaseFiles.of(configured);
    }
}
