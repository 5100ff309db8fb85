package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** What a failed call of SQLite means for us. Result codes: https://www.sqlite.org/rescode.html. */
public enum SqliteFailure {
    /** Another connection holds a lock. */
    BUSY,
    /** The file is no SQLite database, is encrypted, or its content contradicts itself. */
    NOT_SOUND,
    /** The file or a file beside it may not be opened or written. */
    DENIED,
    /** No space is left. */
    FULL,
    /** The disk failed. */
    IO,
    /** Anything else, such as a function or module that only the host has. */
    OTHER;

    /** The meaning of an exception of the driver. */
    public static SqliteFailure of(SQLException e) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode() != null
                ? of(sqlite.getResultCode().code)
                : OTHER;
    }

    /** The meaning of a result code, extended or primary. */
    public static SqliteFailure of(int code) {
        return switch (code & 0xff) {
            case 5, 6, 15 -> BUSY; // 15, SQLITE_PROTOCOL: others were faster each time a lock of the log was tried.
            case 11, 26 -> NOT_SOUND;
            case 3, 8, 14, 23 -> DENIED;
            case 13 -> FULL;
            case 10 -> IO;
            default -> OTHER;
        };
    }

    /** The error of a capture that could not read {@code database}. */
    public static SourceException source(String dataset, Path database, SQLException e) {
        return switch (of(e)) {
            case BUSY -> LockedDatabase.refusal(dataset, database, e);
            case NOT_SOUND ->
                UnreadableDatabase.isNoDatabase(e)
                        ? UnreadableDatabase.refusal(dataset, database, e)
                        : new SourceException(
                                dataset,
                                database + " is damaged, or encrypted behind a plain header: " + e.getMessage(),
                                "Replace it by restoring a snapshot of it",
                                e);
            case DENIED ->
                new SourceException(
                        dataset,
                        database + " cannot be opened: " + e.getMessage(),
                        "Give this process the right to read it and, in WAL mode, to write its -shm file",
                        e);
            default ->
                new SourceException(
                        dataset, database + " cannot be read: " + e.getMessage(), "Mend the cause and try again", e);
        };
    }

    /** The error of a restore that failed at {@code file}. */
    public static StoreException store(Path file, SQLException e) {
        return switch (of(e)) {
            case FULL ->
                new StoreException(StoreException.Reason.FULL, "No space for " + file, "Free space on its disk", e);
            case DENIED ->
                new StoreException(
                        StoreException.Reason.DENIED,
                        file + " cannot be opened: " + e.getMessage(),
                        "Give this process the right to read and write the file and its folder",
                        e);
            default ->
                new StoreException(
                        StoreException.Reason.IO, file + ": " + e.getMessage(), "Mend the cause and try again", e);
        };
    }
}
