package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failed call of SQLite means for tables. */
final class TableFailures {

    private TableFailures() {}

    /** The error of a capture. */
    static BackupException capture(String dataset, Path database, String table, SQLException e) {
        if (isCode(e, SQLiteErrorCode.SQLITE_TOOBIG)) {
            return new SourceException(
                    dataset,
                    "a row of table '" + table + "' in " + database + " has more than " + RowJson.MOST_ROW_BYTES
                            + " bytes, the most that is captured row by row",
                    "Capture the whole database with SqliteDataset, or keep such values in files",
                    e);
        }
        return SqliteFailure.source(dataset, database, e);
    }

    /** The error of a restore that read or wrote the live database; nothing was changed. */
    static BackupException restore(String dataset, SnapshotId snapshot, Path database, SQLException e) {
        if (isCode(e, SQLiteErrorCode.SQLITE_CONSTRAINT)) {
            return new RestoreRefusedException(
                    snapshot,
                    "The rows of snapshot '" + snapshot + "' break a rule of the tables in " + database + ": "
                            + e.getMessage(),
                    "Nothing was changed; restore with the release of the host that wrote the snapshot, or change the table",
                    null);
        }
        if (SqliteFailure.of(e) == SqliteFailure.BUSY) {
            return new DatasetInUseException(
                    dataset,
                    "another connection keeps a lock on " + database + ": " + e.getMessage(),
                    "End its transaction, or raise busyTimeout, and restore again",
                    e);
        }
        return SqliteFailure.store(database, e);
    }

    private static boolean isCode(SQLException e, SQLiteErrorCode code) {
        return e instanceof SQLiteException sqlite
                && sqlite.getResultCode() != null
                && (sqlite.getResultCode().code & 0xff) == code.code;
    }
}
