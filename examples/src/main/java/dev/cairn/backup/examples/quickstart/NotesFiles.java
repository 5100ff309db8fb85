package dev.cairn.backup.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Configuration and attachments. A file is only ever replaced by a rename: what the consistency mode IMMUTABLE asks for. */
final class NotesFiles {

    private final NotesPlace place;

    NotesFiles(NotesPlace place) {
        this.place = place;
    }

    void open() throws IOException {
        Files.createDirectories(place.unfinished());
        Files.createDirectories(place.files().resolve("config"));
        Files.createDirectories(place.files().resolve("attachments"));
        if (Files.notExists(place.files().resolve(Change.COUNTER_FILE))) {
            replace(Change.COUNTER_FILE, "0".getBytes(StandardCharsets.UTF_8));
        }
    }

    long counter() throws IOException {
        return Long.parseLong(Files.readString(place.files().resolve(Change.COUNTER_FILE)));
    }

    /** Writes one step's files. Doing a step again changes nothing. */
    void apply(Change change) throws IOException {
        for (var file : change.files().entrySet()) {
            replace(file.getKey(), file.getValue());
        }
    }

    private void replace(String path, byte[] content) throws IOException {
        Path written = Files.write(place.unfinished().resolve("next"), content);
        Files.move(written, place.files().resolve(path), StandardCopyOption.ATOMIC_MOVE);
    }
}
