package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/**
 * Copies a database through SQLite's backup interface, from the connection that pins it. Because that connection is inside a read
 * transaction, {@code sqlite3_backup_step} begins none of its own and so never sees a newer state: it does not start again at other
 * connections' commits, and ends after exactly the pages of the pinned snapshot (sqlite3_backup_step, "if the source database is modified
 * by an external process or via a database connection other than the one being used by the backup operation").
 *
 * <p>Every page is copied as it is. In page 1 the change counters and the schema cookie are written anew; the journal mode stays.
 */
final class PageCopy {

    private static final int BYTES_PER_STEP = 4 * 1024 * 1024;

    private final String dataset;
    private final Path source;
    private final SQLiteConnection pinned;

    private final long pageSize;
    private final long pages;

    private PageCopy(String dataset, Path source, SQLiteConnection pinned, long pageSize, long pages) {
        this.dataset = dataset;
        this.source = source;
        this.pinned = pinned;
        this.pageSize = pageSize;
        this.pages = pages;
    }

    /** A copy that is still to be made; {@code pinned} is inside its read transaction. */
    static PageCopy of(String dataset, Path source, SQLiteConnection pinned) throws SQLException {
        long pageSize = Connections.number(pinned, "PRAGMA page_size");
        // A database without a page is copied as one with an empty first page: sqlite3_backup_step makes a header.
        long pages = Math.max(1, Connections.number(pinned, "PRAGMA page_count"));
        return new PageCopy(dataset, source, pinned, pageSize, pages);
    }

    /** Bytes of a page. */
    int pageSize() {
        return Math.toIntExact(pageSize);
    }

    /** The copy's exact size. */
    long bytes() {
        return pages * pageSize;
    }

    /**
     * Makes the copy; it is whole when this returns. Not forced to disk: it is for scratch.
     *
     * @param stop asked every 4 MiB, on this thread
     * @throws BackupCancelledException if {@code stop} said so
     * @throws SourceException if the source cannot be read
     * @throws StoreException if the copy cannot be written
     */
    void into(Path copy, BooleanSupplier stop) throws SQLException, IOException {
        int pagesPerStep = (int) (BYTES_PER_STEP / pageSize);
        Stopper stopper = new Stopper(stop);
        int code = pinned.getDatabase().backup("main", Connections.uri(copy), stopper, 0, 0, pagesPerStep);
        if (stopper.stopped || stop.getAsBoolean()) {
            throw new BackupCancelledException("Copying " + source);
        }
        if (code != SQLiteErrorCode.SQLITE_OK.code) {
            throw failure(code, copy);
        }
        long size = Files.size(copy);
        if (size != bytes()) {
            throw new SourceException(
                    dataset,
                    "the copy of " + source + " has " + size + " bytes instead of " + bytes(),
                    "Report this: the pinned snapshot was not copied as a whole",
                    null);
        }
    }

    private RuntimeException failure(int code, Path copy) {
        if (SqliteFailure.of(code) == SqliteFailure.FULL) {
            return new StoreException(
                    StoreException.Reason.FULL,
                    "No space for the copy of " + source + " at " + copy,
                    "Free space on the disk of the scratch folder",
                    null);
        }
        return new SourceException(
                dataset,
                "copying " + source + " to " + copy + " failed with SQLite result "
                        + SQLiteErrorCode.getErrorCode(code),
                "Check both disks; a damaged database is replaced by restoring a snapshot of it",
                null);
    }

    /**
     * Ends a running copy. The driver's loop offers no way out, and an exception from its observer is not looked at before the end. But a step
     * answers SQLITE_BUSY, and the loop then ends, while its own source connection is in a write transaction. So the pin is let go and the write lock
     * taken; it is held for that one step, changes nothing, and if the host has it, the next step tries again.
     */
    private final class Stopper implements org.sqlite.core.DB.ProgressObserver {

        private final BooleanSupplier stop;
        private boolean stopped;

        Stopper(BooleanSupplier stop) {
            this.stop = stop;
        }

        @Override
        public void progress(int remaining, int pageCount) {
            if (remaining == 0 || !(stopped || stop.getAsBoolean())) {
                return;
            }
            try {
                if (!stopped) {
                    stopped = true;
                    Connections.run(pinned, "PRAGMA busy_timeout=0");
                    Connections.run(pinned, "ROLLBACK");
                }
                Connections.run(pinned, "BEGIN IMMEDIATE");
            } catch (SQLException e) {
                // The host is writing: asked again after the next step. At worst the copy runs to its end and is thrown
                // away.
                org.slf4j.LoggerFactory.getLogger(PageCopy.class).debug("Copy of {} goes on for a step", source, e);
            }
        }
    }
}
