package dev.cairn.backup.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The published contract, for tables of a database in SQLite's default mode. Its writers wait while it is pinned, as its documentation says: one that is
 * refused here writes again at the host's next access.
 */
class RollbackJournalTablesContractTest extends WalTablesContractTest {

    private Long waiting;

    @Override
    String journalMode() {
        return "delete";
    }

    @Override
    protected void writeCounter(long value) throws Exception {
        writeWhatWaits();
        try {
            super.writeCounter(value);
        } catch (SQLException e) {
            if (!(e instanceof SQLiteException sqlite) || sqlite.getResultCode() != SQLiteErrorCode.SQLITE_BUSY) {
                throw e;
            }
            waiting = value;
        }
    }

    @Override
    protected long readCounter() throws Exception {
        writeWhatWaits();
        return super.readCounter();
    }

    private void writeWhatWaits() throws Exception {
        if (waiting != null) {
            long value = waiting;
            waiting = null;
            super.writeCounter(value);
        }
    }
}
