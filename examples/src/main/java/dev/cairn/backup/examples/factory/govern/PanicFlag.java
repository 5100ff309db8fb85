package dev.cairn.backup.examples.factory.govern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The file {@code ATLAS_PANIC}. That it is there is what counts; what it says is the reason, if it says anything. */
public final class PanicFlag {

    /** The reason of a flag that says nothing. */
    public static final String UNKNOWN = "unknown";

    private final Path file;

    /** @param file where it is when it is raised */
    public PanicFlag(Path file) {
        this.file = file;
    }

    /** Why there is panic; empty if there is none. A flag that cannot be read is raised all the same. */
    public Optional<String> reason() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            String said = Files.readString(file).strip();
            return Optional.of(said.isEmpty() ? UNKNOWN : said);
        } catch (IOException e) {
            return Optional.of(UNKNOWN);
        }
    }

    /** Raises it. */
    public void raise(String reason) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, reason);
    }

    /** Takes it down. */
    public void lower() throws IOException {
        Files.deleteIfExists(file);
    }
}
