package dev.cairn.backup.sqlite.live;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;

/**
 * A connection that is ready to hold a database at an instant: it has read the schema and compiled its statements, so that {@link #take} has nothing left to
 * open. Connecting takes 0.2 ms to 2.4 ms, pinning with a warm connection 0.01 ms.
 */
public final class ReadPin {

    private final PreparedStatement begin;
    private final PreparedStatement firstRead;

    private ReadPin(PreparedStatement begin, PreparedStatement firstRead) {
        this.begin = begin;
        this.firstRead = firstRead;
    }

    /** Reads the schema. From here on the connection trusts no function that a schema calls. */
    public static ReadPin prepare(SQLiteConnection connection) throws SQLException {
        // An implicit read would end its transaction with the statement; only an explicit one keeps its snapshot
        // (lang_transaction.html).
        ReadPin pin = new ReadPin(
                connection.prepareStatement("BEGIN DEFERRED"),
                connection.prepareStatement("SELECT rootpage FROM sqlite_schema LIMIT 1"));
        Connections.run(connection, "PRAGMA trusted_schema=OFF");
        Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
        return pin;
    }

    /** Begins the read transaction; the connection sees this instant until it ends it. */
    public void take() throws SQLException {
        begin.execute();
        // BEGIN DEFERRED takes no snapshot; the first read does (https://www.sqlite.org/isolation.html).
        try (ResultSet rows = firstRead.executeQuery()) {
            rows.next();
        }
    }
}
