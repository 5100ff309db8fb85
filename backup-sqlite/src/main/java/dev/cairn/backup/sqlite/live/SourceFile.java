package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether there is a file to be captured, by {@code stat}. */
public final class SourceFile {

    private SourceFile() {}

    /** The error of a capture whose main file is not there and must be. */
    public static SourceException missing(String dataset, DatabaseFiles files) {
        return new SourceException(
                dataset, files.main() + " does not exist", "Check the path, or declare the dataset optional", null);
    }

    /**
     * Looks for the main file.
     *
     * @return false if there is nothing of that name
     * @throws SourceException if there is something else than a file, or it cannot be looked at
     */
    public static boolean isThere(String dataset, DatabaseFiles files) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(files.main(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile()) {
                throw new SourceException(
                        dataset, files.main() + " is not a regular file", "Name the database file itself", null);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new SourceException(
                    dataset,
                    files.main() + " cannot be looked at: " + e.getMessage(),
                    "Give this process the right to read it",
                    e);
        }
    }
}
