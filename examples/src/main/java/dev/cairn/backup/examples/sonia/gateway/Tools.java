package dev.cairn.backup.examples.sonia.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** What the assistant can do. On this machine only files are connected; whatever else it tries fails. */
final class Tools {

    /** The one that works. */
    static final String APPEND = "file.append";

    /** All that have a circuit breaker. */
    static final List<String> CAPABILITIES = List.of(
            APPEND,
            "app.launch",
            "browser.open",
            "calendar.add",
            "clipboard.write",
            "file.delete",
            "file.write",
            "mail.send",
            "media.play",
            "screen.capture",
            "shell.run",
            "vision.describe",
            "voice.say");

    private final Path files;

    Tools(Path files) {
        this.files = files;
    }

    /**
     * Does it.
     *
     * @throws IOException if it cannot be done, with the reason
     */
    void run(String capability, Map<String, String> args) throws IOException {
        if (!capability.equals(APPEND)) {
            throw new IOException(capability + " is not connected on this machine");
        }
        String name = args.getOrDefault("path", "");
        if (!name.matches("[A-Za-z0-9_-]{1,64}(\\.[a-z]{1,8})?")) {
            throw new IOException("'" + name + "' is no name of a file here");
        }
        Files.createDirectories(files);
        Files.writeString(
                files.resolve(name),
                args.getOrDefault("content", "") + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
