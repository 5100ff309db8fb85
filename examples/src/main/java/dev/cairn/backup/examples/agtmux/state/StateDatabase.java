package dev.cairn.backup.examples.agtmux.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The database, on one connection whose transaction stays open from one checkpoint to the next. Not thread-safe: the projection's lock guards it. */
final class StateDatabase implements AutoCloseable {

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS session_state_v2(session_key TEXT PRIMARY KEY, source_kind TEXT NOT NULL,"
                    + " title TEXT NOT NULL, priority INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS pane_state_v2(pane_instance_id TEXT PRIMARY KEY, source_kind TEXT NOT NULL,"
                    + " session_key TEXT NOT NULL, state TEXT NOT NULL, signature TEXT NOT NULL,"
                    + " changes INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS binding_link_v2(pane_instance_id TEXT, bound_at INTEGER, source_kind TEXT NOT NULL,"
                    + " session_key TEXT NOT NULL, PRIMARY KEY(pane_instance_id, bound_at)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS cursor_state_v2(source_kind TEXT PRIMARY KEY, incarnation TEXT NOT NULL,"
                    + " base INTEGER NOT NULL, committed INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS source_health_v2(source_kind TEXT PRIMARY KEY, state TEXT NOT NULL,"
                    + " since_ms INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS seen_event(source_kind TEXT, session TEXT, event TEXT, at_ms INTEGER NOT NULL,"
                    + " PRIMARY KEY(source_kind, session, event)) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS seen_event_at ON seen_event(source_kind, at_ms)",
            "CREATE TABLE IF NOT EXISTS state_snapshot_v2(snapshot_id TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL,"
                    + " projection_version INTEGER NOT NULL, session_count INTEGER NOT NULL,"
                    + " pane_count INTEGER NOT NULL, trigger_kind TEXT NOT NULL, size_bytes INTEGER NOT NULL)"
                    + " WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS acknowledged(source_kind TEXT, incarnation TEXT, position INTEGER NOT NULL,"
                    + " PRIMARY KEY(source_kind, incarnation)) WITHOUT ROWID");

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private StateDatabase(Connection connection) {
        this.connection = connection;
    }

    static StateDatabase open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA busy_timeout = 10000");
                for (String table : SCHEMA) {
                    statement.execute(table);
                }
            }
            connection.setAutoCommit(false);
            return new StateDatabase(connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(file + " cannot be opened", e);
        }
    }

    /** Reads a row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> query(String sql, Row<T> reader, Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long number(String sql, Object... values) {
        return query(sql, row -> row.getLong(1), values).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    int run(String sql, Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** All that was written since the last commit becomes durable together, or after a crash none of it. */
    void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("commit", e);
        }
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** What was not committed is lost. */
    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("close", e);
        }
    }
}
