package dev.cairn.backup.fs.blob;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Names of files that are being written: {@code ~} (never in a blob's name), a token of this process and a number.
 */
final class TemporaryName {

    /**
     * A file of this age belongs to a put that died. Should it belong to one that was suspended so long, that put then finds nothing to link
     * and fails; nothing wrong can be published.
     */
    static final Duration STALE_AFTER = Duration.ofHours(24);

    private static final String PROCESS = UUID.randomUUID().toString().replace("-", "");
    private static final AtomicLong NUMBER = new AtomicLong();
    private static final Pattern FORM = Pattern.compile("~[0-9a-f]{32}\\.\\d+");

    private TemporaryName() {}

    static String next() {
        return "~" + PROCESS + "." + NUMBER.incrementAndGet();
    }

    /** Whether the file may be removed: one of ours, and old. */
    static boolean isStale(String name, BasicFileAttributes attributes) {
        return attributes.isRegularFile()
                && name.startsWith("~")
                && FORM.matcher(name).matches()
                && attributes
                        .lastModifiedTime()
                        .toInstant()
                        .isBefore(Instant.now().minus(STALE_AFTER));
    }

    /** Removes it if that is possible. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (java.io.IOException e) {
            // A name that no operation shows; the next listing tries again.
        }
    }
}
