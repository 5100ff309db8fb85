package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * The dated name under which an old database is kept beside the new one: {@code memory-corrupt-20260215-142345.db} if it was damaged, else
 * {@code memory-before-20260215-142345.db}; the time is when the restore began, in UTC.
 */
final class AsideName {

    private static final String SOUND = "-before-";
    private static final Pattern OF_SOUND = Pattern.compile(".*" + SOUND + "[0-9]{8}-[0-9]{6}(-[0-9]+)?(\\.[^.]*)?");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private AsideName() {}

    /** A name that nothing has, neither the main file nor its log or journal; a second restore in one second gets {@code -2}. */
    static Path choose(DatabaseFiles live, boolean damaged, Instant startedAt) throws IOException {
        String name = live.fileName();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        String dated = stem + (damaged ? "-corrupt-" : SOUND) + STAMP.format(startedAt);
        for (int attempt = 1; ; attempt++) {
            DatabaseFiles aside =
                    new DatabaseFiles(live.folder().resolve(dated + (attempt == 1 ? "" : "-" + attempt) + extension));
            if (!aside.exists() && isFree(aside.wal()) && isFree(aside.shm()) && isFree(aside.journal())) {
                return aside.main();
            }
        }
    }

    /** Whether what has that name was sound when it was set aside. */
    static boolean isSound(String name) {
        return OF_SOUND.matcher(name).matches();
    }

    private static boolean isFree(Path file) throws IOException {
        return !DurableFiles.exists(file);
    }
}
