package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** Writes a file that was not there: under its name it is there whole or not at all. */
final class NewFile {

    private NewFile() {}

    /**
     * Writes, forces to disk and only then gives the name.
     *
     * @param content writes to the stream, and answers what this answers
     * @throws InvalidValueException if there is such a file
     * @throws StoreException if it cannot be written
     */
    static <T> T write(Path file, Function<OutputStream, T> content) {
        refuseTaken(file);
        Path unfinished = null;
        try {
            T answer;
            unfinished = Files.createTempFile(folder(file), file.getFileName() + "-", ".unfinished"); // 0600
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                answer = content.apply(out);
                out.flush();
                channel.force(true);
            }
            refuseTaken(file);
            Files.move(unfinished, file);
            unfinished = null;
            return answer;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    file + " cannot be written: " + e,
                    "Look after its disk and folder, or choose another file",
                    e);
        } finally {
            if (unfinished != null) {
                remove(unfinished);
            }
        }
    }

    /** The same for a short text. */
    static void writeText(Path file, String text) {
        write(file, out -> {
            try {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Reason.IO, file + " cannot be written: " + e, "Look after its disk", e);
            }
            return file;
        });
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new InvalidValueException("file", file, "a file in a folder that exists");
        }
        return folder;
    }

    static void refuseTaken(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidValueException("file", file, "a file that does not exist yet");
        }
    }

    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Its name says what it is.
        }
    }
}
