package dev.cairn.backup.fs.blob;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a blob's name durable: its folder is forced, and each folder above it up to the store's root in which a name may have been made since it was
 * last forced, by whichever process. A folder found in place may have been made by a process that has not forced it yet, or been pruned
 * and made again; both change the modification time of the folder above, which is what is remembered here. Thread-safe.
 */
final class FolderForces {

    /** FAT keeps modification times to 2 seconds; a younger time could hide a later change. */
    private static final Duration GRANULARITY = Duration.ofSeconds(2);

    private final Map<Path, FileTime> forced = new ConcurrentHashMap<>();

    void force(Path folder, Path root) throws IOException {
        DurableFiles.forceDirectory(folder);
        for (Path above = folder; !above.equals(root); ) {
            above = above.getParent();
            if (above == null) {
                return;
            }
            FileTime changed = Files.getLastModifiedTime(above, NOFOLLOW_LINKS);
            if (changed.equals(forced.get(above))) {
                continue;
            }
            boolean settled = changed.toInstant().isBefore(Instant.now().minus(GRANULARITY));
            DurableFiles.forceDirectory(above);
            if (settled) {
                forced.put(above, changed);
            }
        }
    }
}
