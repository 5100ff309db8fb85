package dev.cairn.backup.examples.quickstart;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A few connections that stay open. The smallest pool that can be closed and opened again, which is what a restore asks of a host. */
final class ConnectionPool {

    private static final int SIZE = 3;

    private final Path database;
    private final BlockingQueue<Connection> idle = new LinkedBlockingQueue<>();
    private final List<Connection> all = new ArrayList<>();

    ConnectionPool(Path database) {
        this.database = database;
    }

    /** Work with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    synchronized void open() throws SQLException {
        while (all.size() < SIZE) {
            Connection connection = connect(database);
            all.add(connection);
            idle.add(connection);
        }
    }

    /** Closes every connection, also one that fails to close. */
    synchronized void close() throws SQLException {
        idle.clear();
        SQLException failure = null;
        for (Connection connection : all) {
            try {
                connection.close();
            } catch (SQLException e) {
                failure = e;
            }
        }
        all.clear();
        if (failure != null) {
            throw failure;
        }
    }

    <T> T use(Work<T> work) throws SQLException {
        Connection connection = idle.poll();
        if (connection == null) {
            throw new SQLException("the pool of " + database + " is closed or exhausted");
        }
        try {
            return work.with(connection);
        } finally {
            idle.add(connection);
        }
    }

    /** A connection to a database in WAL mode, so that a snapshot never holds up a writer. */
    static Connection connect(Path database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=NORMAL");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
