package dev.cairn.backup.cli.config;

import dev.cairn.backup.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The application that embeds Cairn, told by the file into which it writes its process id.
 *
 * @param name what messages call it
 * @param pidFile one line with a decimal process id; missing while the host is down
 */
public record HostProcess(String name, Path pidFile) {

    /**
     * The host's process, if it runs. A process id that was given to another process since counts as the host: only an operator can tell, and the answer names what it is.
     *
     * @return such as {@code process 4711 (/usr/bin/java)}
     * @throws ConfigurationException if there is a file that does not tell: nobody knows whether the host runs
     */
    public Optional<String> running() {
        String text;
        try {
            text = Files.readString(pidFile, StandardCharsets.US_ASCII).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ConfigurationException(
                    "The file " + pidFile + " of the host '" + name + "' cannot be read: " + e, "Make it readable");
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new ConfigurationException(
                    "The file " + pidFile + " of the host '" + name + "' holds no process id",
                    "Remove it if the host is down, else correct /host/pidFile");
        }
        return ProcessHandle.of(Long.parseLong(text))
                .filter(ProcessHandle::isAlive)
                .map(process -> "process " + process.pid()
                        + process.info()
                                .command()
                                .map(command -> " (" + command + ")")
                                .orElse(""));
    }
}
