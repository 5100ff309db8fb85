package dev.cairn.backup.examples.factory.govern;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The log of the runtime, a file an hour, of which the last 48 hours stay: what a snapshot of the logs finds is what is left. Thread-safe. */
public final class RuntimeLog {

    /** How far back a log reaches. */
    public static final Duration KEPT = Duration.ofHours(48);

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH");

    private static final DateTimeFormatter WHOLE_HOUR = new DateTimeFormatterBuilder()
            .append(HOUR)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .toFormatter(Locale.ROOT);

    private final Path folder;

    /** @param folder where its files are */
    public RuntimeLog(Path folder) {
        this.folder = folder;
    }

    /** The file of an hour. */
    public Path file(Instant at) {
        return folder.resolve("runtime-" + HOUR.format(at.atOffset(ZoneOffset.UTC)) + ".log");
    }

    /** Adds a line. */
    public synchronized void line(Instant at, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(file(at), at + " " + text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the hours that ended more than 48 hours ago. */
    public synchronized void rotate(Instant now) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Instant oldest = now.minus(KEPT);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> old = files.filter(file -> isOlder(file, oldest)).toList();
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOlder(Path file, Instant oldest) {
        String name = file.getFileName().toString();
        if (!name.startsWith("runtime-") || !name.endsWith(".log")) {
            return false;
        }
        try {
            LocalDateTime hour = LocalDateTime.parse(name.substring(8, name.length() - 4), WHOLE_HOUR);
            return hour.plusHours(1).toInstant(ZoneOffset.UTC).isBefore(oldest);
        } catch (DateTimeParseException e) {
            return false; // Not a file of ours.
        }
    }
}
