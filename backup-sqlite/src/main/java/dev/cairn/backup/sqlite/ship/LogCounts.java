package dev.cairn.backup.sqlite.ship;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Asks SQLite how long its log is: {@code PRAGMA wal_checkpoint(NOOP)} reads the {@code -shm} and takes no lock (SQLite 3.51.0 and later), in 5 microseconds. Only a connection without a
 * transaction may ask, one that has read before.
 */
final class LogCounts {

    private static final int TRIES = 100;

    private final PreparedStatement noop;
    private int frames;
    private int checkpointed;

    LogCounts(SQLiteConnection connection) throws SQLException {
        this.noop = connection.prepareStatement("PRAGMA wal_checkpoint(NOOP)");
    }

    void ask() throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            boolean busy;
            try (ResultSet rows = noop.executeQuery()) {
                rows.next();
                busy = rows.getInt(1) != 0;
                frames = rows.getInt(2);
                checkpointed = rows.getInt(3);
            }
            if (frames >= 0) {
                return;
            }
            if (!busy) {
                throw new SQLException("The database is not in WAL mode");
            }
            // A writer is just telling the -shm of its commit (wal.c, walIndexReadHdr): over in less than a
            // microsecond.
            Thread.onSpinWait();
        }
        throw new SQLiteException("The log is being changed all the time", SQLiteErrorCode.SQLITE_BUSY);
    }

    /** Committed frames in the log. */
    int frames() {
        return frames;
    }

    /** How many of them are in the main file. */
    int checkpointed() {
        return checkpointed;
    }
}
