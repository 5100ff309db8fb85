package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.sqlite.live.Connections;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConnection;

/**
 * A read transaction that is held for its lock alone. On a read-only connection: closing one never checkpoints and never deletes the log, even if it is the last (its descriptor of the main
 * file cannot be locked for writing), so that the log stays provable for the process that goes on. For one thread.
 */
final class Pin {

    private final SQLiteConnection connection;
    private final PreparedStatement begin;
    private final PreparedStatement read;
    private final PreparedStatement end;
    private boolean held;

    private Pin(SQLiteConnection connection) throws SQLException {
        this.connection = connection;
        this.begin = connection.prepareStatement("BEGIN DEFERRED");
        this.read = connection.prepareStatement("SELECT rootpage FROM sqlite_schema LIMIT 1");
        this.end = connection.prepareStatement("COMMIT");
    }

    static Pin on(Path main, Duration busyTimeout) throws SQLException {
        SQLiteConnection connection = Connections.openReadOnly(main, busyTimeout);
        try {
            Pin pin = new Pin(connection);
            // From its first read on a connection holds a lock that keeps every other from being the last one.
            pin.begin();
            pin.end();
            return pin;
        } catch (SQLException e) {
            Connections.closeQuietly(connection);
            throw e;
        }
    }

    /** Pins what is committed now: 0.02 ms. After a failure it is not held. */
    void begin() throws SQLException {
        begin.execute();
        held = true;
        try (ResultSet rows = read.executeQuery()) {
            // BEGIN DEFERRED takes no lock; the first read does (https://www.sqlite.org/isolation.html).
            rows.next();
        } catch (SQLException e) {
            end();
            throw e;
        }
    }

    /** Lets it go. Idempotent. */
    void end() throws SQLException {
        if (held) {
            end.execute();
            held = false;
        }
    }

    void close() {
        Connections.closeQuietly(connection);
    }
}
