package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A file that SQLite does not take for a database: encrypted, or something else. It is found by connections that write nothing. One that may write
 * would, as it closes after SQLITE_NOTADB, bring the log beside the file into it and delete the log.
 */
final class UnreadableDatabase {

    private static final int SMALLEST_PAGE = 512;

    private UnreadableDatabase() {}

    /**
     * Refuses such a file.
     *
     * @throws SourceException if it is one; any other failure is left to the connection that follows
     */
    static void refuse(DatabaseSettings settings, DatabaseFiles files) {
        SQLException problem = problem(files, settings.busyTimeout());
        if (problem != null) {
            throw refusal(settings.name(), files.main(), problem);
        }
    }

    /**
     * Without locks first, which makes no file beside it. A log may hold the first page that the main file lacks. So may a rollback journal, but that
     * can only be asked by writing it back: the host does so when it opens the database, and the next snapshot succeeds.
     */
    private static @Nullable SQLException problem(DatabaseFiles files, Duration busyTimeout) {
        SQLException asItLies = answer(() -> Connections.openImmutable(files.main()));
        return asItLies == null || !hasLog(files)
                ? asItLies
                : answer(() -> Connections.openReadOnly(files.main(), busyTimeout));
    }

    private static boolean hasLog(DatabaseFiles files) {
        try {
            return DatabaseFiles.sizeOf(files.wal()) > 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static @Nullable SQLException answer(Opening opening) {
        try {
            SQLiteConnection connection = opening.open();
            try {
                Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
                return null;
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            LoggerFactory.getLogger(UnreadableDatabase.class).debug("A first look at a database failed", e);
            return isNoDatabase(e) ? e : null;
        }
    }

    /** Whether SQLite answered that the file is no database, rather than that it is damaged. */
    static boolean isNoDatabase(SQLException e) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB;
    }

    /** The error of a capture of such a file. */
    static SourceException refusal(String dataset, Path main, SQLException e) {
        return new SourceException(
                dataset,
                main + " is not a SQLite database, is encrypted, or has lost its first page: " + e.getMessage() + "; "
                        + size(main),
                "Check the path. Of an encrypted database, for which there is no key here, let the host make a copy through its own driver and"
                        + " capture that as a file; a damaged one is replaced by restoring a snapshot of it",
                e);
    }

    /** All that can be said without opening it: an encrypted database is whole pages long and looks like noise. */
    private static String size(Path main) {
        try {
            long size = DatabaseFiles.sizeOf(main);
            return size % SMALLEST_PAGE == 0
                    ? "its size, " + size + " bytes, is one that an encrypted database may have, but any file may"
                    : "its size, " + size + " bytes, is not a multiple of " + SMALLEST_PAGE
                            + ", so it is not a whole database, encrypted or not";
        } catch (IOException unknown) {
            return "its size cannot be told";
        }
    }

    /** Opens a connection that writes nothing. */
    @FunctionalInterface
    private interface Opening {
        SQLiteConnection open() throws SQLException;
    }
}
