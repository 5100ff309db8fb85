package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Says which lock keeps us from reading a database: SQLite answers "busy" to all. A connection with {@code locking_mode=EXCLUSIVE} keeps its lock between
 * transactions and refuses every other connection until it is closed; no waiting helps (https://www.sqlite.org/pragma.html#pragma_locking_mode).
 */
final class LockedDatabase {

    private LockedDatabase() {}

    /** The error of a capture that was answered SQLITE_BUSY for as long as it may wait. */
    static SourceException refusal(String dataset, Path main, SQLException busy) {
        String holders = LockHolders.exclusive(main)
                .filter(found -> !found.isEmpty())
                .map(found -> ", held by " + LockHolders.inWords(found))
                .orElse("");
        // In WAL mode a writer does not keep readers out, and a recovery has a code of its own
        // (https://www.sqlite.org/rescode.html#busy_recovery): what is left is an EXCLUSIVE lock on the main file.
        if (isPlain(busy) && isInWalMode(main)) {
            return new SourceException(
                    dataset,
                    main + " is locked by a connection in locking_mode=EXCLUSIVE" + holders
                            + ": in WAL mode nothing else but the end of the last connection keeps readers out, and such a connection refuses"
                            + " every other one until it is closed (" + busy.getMessage() + ")",
                    "Open it with PRAGMA locking_mode=NORMAL, before the first read, or close that connection",
                    busy);
        }
        if (!holders.isEmpty()) {
            return new SourceException(
                    dataset,
                    main + " is locked by a connection with an EXCLUSIVE lock" + holders
                            + ": a transaction that stays open, or locking_mode=EXCLUSIVE, which SQLite does not let us tell apart ("
                            + busy.getMessage() + ")",
                    "End the transaction or raise busyTimeout; if there is none, open the database with PRAGMA locking_mode=NORMAL",
                    busy);
        }
        return new SourceException(
                dataset,
                main + " is locked by another connection: " + busy.getMessage(),
                "Look for a transaction that stays open or a connection with locking_mode=EXCLUSIVE, or raise busyTimeout",
                busy);
    }

    private static boolean isPlain(SQLException e) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_BUSY;
    }

    /** A connection in WAL mode has a log from its first read on; the header cannot be asked while it is locked. */
    private static boolean isInWalMode(Path main) {
        return Files.exists(new DatabaseFiles(main).wal(), LinkOption.NOFOLLOW_LINKS);
    }
}
