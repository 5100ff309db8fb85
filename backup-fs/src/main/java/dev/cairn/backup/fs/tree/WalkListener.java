package dev.cairn.backup.fs.tree;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.EntryPath;
import java.nio.file.Path;

/** What a walk meets on its way. */
public interface WalkListener {

    /** The dataset's name, for messages. */
    String dataset();

    /** One more name was looked at; may throw to end the walk. */
    default void looked() {}

    /** Something was left out or will make trouble; may be told more than once. */
    default void warn(String warning) {}

    /** A name was listed and gone when it was looked at. */
    default void vanished(EntryPath path) {}

    /** The one file that the dataset consists of is gone, or is no file. */
    default void missing(Path file) {
        throw new SourceException(dataset(), file + " is not there, or is no file", "Put it back and try again", null);
    }

    /** A file that is a database by its name or by what lies beside it; it has not been opened. */
    default void database(Path file) {
        throw new SourceException(
                dataset(),
                file
                        + " is a SQLite database or a part of one, and nobody declared it: a plain copy is torn, and opening it breaks its locks",
                "Declare it as a SqliteDataset of its own and exclude it here: exclude(\"**/" + file.getFileName()
                        + "\")",
                null);
    }
}
