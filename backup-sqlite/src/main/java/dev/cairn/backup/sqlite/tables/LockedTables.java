package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConnection;

/**
 * The live database inside a write transaction, to which a file of rows can be attached. Others go on reading; who wants to write waits. Closing it without
 * {@link #commit} takes everything back.
 */
final class LockedTables implements AutoCloseable {

    private final SQLiteConnection connection;
    private boolean committed;

    private LockedTables(SQLiteConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects and waits up to the busy timeout for the write lock.
     *
     * @throws SQLException also if another connection keeps the lock
     */
    static LockedTables of(Path live, Duration busyTimeout) throws SQLException {
        SQLiteConnection connection = Connections.open(live, busyTimeout);
        boolean locked = false;
        try {
            Connections.run(connection, "PRAGMA trusted_schema=OFF");
            Connections.run(connection, "PRAGMA foreign_keys=OFF");
            // Also the removal of a rollback journal is durable when a commit returns.
            Connections.run(connection, "PRAGMA synchronous=EXTRA");
            Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
            Connections.run(connection, "BEGIN IMMEDIATE");
            locked = true;
            return new LockedTables(connection);
        } finally {
            if (!locked) {
                Connections.closeQuietly(connection);
            }
        }
    }

    SQLiteConnection connection() {
        return connection;
    }

    /**
     * Attaches a file of rows. Only once it is known to be needed: what a crash left of one that was being written must not keep anybody from learning that
     * nothing was swapped.
     *
     * @param rows a whole {@link RowFile} that nobody changes any more
     */
    void attach(Path rows) throws SQLException {
        Connections.run(
                connection, "ATTACH '" + Connections.uri(rows) + "?mode=ro&immutable=1' AS " + AttachedTable.SCHEMA);
    }

    /** The schema cookie. */
    int cookie() throws SQLException {
        return (int) Connections.number(connection, "PRAGMA main.schema_version");
    }

    /** Sets the schema cookie as a part of the transaction. */
    void mark(int cookie) throws SQLException {
        Connections.run(connection, "PRAGMA main.schema_version=" + cookie);
        // A defensive connection does nothing and says nothing:
        // https://www.sqlite.org/pragma.html#pragma_schema_version
        if (cookie() != cookie) {
            throw new SQLException("the schema cookie is " + cookie() + " and cannot be set to " + cookie);
        }
    }

    /** Makes it live, durably. */
    void commit() throws SQLException {
        Connections.run(connection, "COMMIT");
        committed = true;
    }

    @Override
    public void close() {
        if (!committed) {
            try {
                Connections.run(connection, "ROLLBACK");
            } catch (SQLException e) {
                // Some failures have rolled back by themselves; closing does it in any case.
                org.slf4j.LoggerFactory.getLogger(LockedTables.class).debug("Rolling back failed", e);
            }
        }
        Connections.closeQuietly(connection);
    }
}
