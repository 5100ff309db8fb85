package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.FreeSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** Whether a swap has the room that it needs: for the old rows, and for the log or journal of its transaction. */
final class SwapSpace {

    static final String NEXT_STEP =
            "Free space on its disk; rows that earlier restores replaced lie there in files with '-rows-' in their names";

    private SwapSpace() {}

    /**
     * Refuses a swap that does not fit. The database's size bounds what its tables take; only where that does not fit their pages are counted.
     *
     * @throws dev.cairn.backup.StoreException if it does not fit; nothing was written
     */
    static void require(SQLiteConnection connection, List<AttachedTable> tables, TablesJournal journal)
            throws SQLException, IOException {
        long staged = Files.size(journal.staged());
        long database = Connections.number(connection, "PRAGMA main.page_count")
                * Connections.number(connection, "PRAGMA main.page_size");
        if (!FreeSpace.fits(journal.liveFile(), needed(database, staged))) {
            FreeSpace.require(journal.liveFile(), needed(bytesOf(connection, tables), staged), NEXT_STEP);
        }
    }

    /** The old rows beside the database, the pages that they leave in the journal, the new rows and their indexes in the log. */
    private static long needed(long live, long staged) {
        return 2 * live + 2 * staged;
    }

    /** The pages of the tables and their indexes (https://www.sqlite.org/dbstat.html), which looks at every one. */
    static long bytesOf(SQLiteConnection connection, List<AttachedTable> tables) throws SQLException {
        long bytes = 0;
        for (AttachedTable table : tables) {
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT sum(s.pgsize) FROM main.sqlite_schema m JOIN dbstat('main', 1) s ON s.name = m.name"
                            + " WHERE m.tbl_name = ? COLLATE NOCASE AND m.rootpage > 0")) {
                query.setString(1, table.name());
                try (ResultSet row = query.executeQuery()) {
                    bytes += row.next() ? row.getLong(1) : 0;
                }
            }
        }
        return bytes;
    }
}
