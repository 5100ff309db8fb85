package dev.cairn.backup.fs.tree;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.spi.Location;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Where a path really lies: links resolved as far as the path exists, and the volume that holds it. */
public final class Places {

    private static final Set<String> FINE_TIMES = Set.of("ext4", "xfs", "btrfs", "tmpfs", "zfs", "f2fs");

    private Places() {}

    /** The path with links resolved in the part of it that exists; the rest is taken as it stands. Never fails. */
    public static Path resolved(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        for (Path existing = absolute; existing != null; existing = existing.getParent()) {
            try {
                return existing.toRealPath()
                        .resolve(existing.relativize(absolute))
                        .normalize();
            } catch (IOException e) {
                // It does not exist or may not be looked at: its parent may.
            }
        }
        return absolute;
    }

    /** The path's location; the volume is empty when nothing of the path can be looked at. */
    public static Location locate(Path path) {
        Path real = resolved(path);
        String uri = real.toUri().toString();
        String place = uri.endsWith("/") && real.getNameCount() > 0 ? uri.substring(0, uri.length() - 1) : uri;
        return new Location(URI.create(place), volume(real));
    }

    /**
     * How coarse the times of a file system may be. Those of Linux' own take the kernel's tick, at most 10 ms (HZ=100); FAT keeps 2 seconds, and so
     * much is taken for what is not known.
     */
    public static Duration timeGranularity(Path existing) {
        try {
            return FINE_TIMES.contains(Files.getFileStore(existing).type())
                    ? Duration.ofMillis(20)
                    : Duration.ofSeconds(2);
        } catch (IOException e) {
            return Duration.ofSeconds(2);
        }
    }

    private static String volume(Path path) {
        for (Path existing = path; existing != null; existing = existing.getParent()) {
            if (Files.exists(existing)) {
                return volumeOf(existing);
            }
        }
        return "";
    }

    private static String volumeOf(Path existing) {
        try {
            if (existing.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                return "dev:" + Files.getAttribute(existing, "unix:dev", NOFOLLOW_LINKS);
            }
            FileStore store = Files.getFileStore(existing);
            return store.name() + ":" + store.type();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }
}
