package dev.cairn.backup.examples.quickstart;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/** The notes and the counter, in SQLite. */
final class NotesDatabase {

    private final ConnectionPool pool;

    NotesDatabase(NotesPlace place) {
        this.pool = new ConnectionPool(place.database());
    }

    void open() throws SQLException {
        pool.open();
        pool.use(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS notes(id INTEGER PRIMARY KEY, author TEXT, text TEXT)");
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS counter(only INTEGER PRIMARY KEY CHECK(only = 1), step INTEGER)");
                statement.execute("INSERT OR IGNORE INTO counter VALUES(1, 0)");
            }
            return true;
        });
    }

    void close() throws SQLException {
        pool.close();
    }

    /** The last step that was committed. */
    long counter() throws SQLException {
        return pool.use(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT step FROM counter")) {
                return row.getLong(1);
            }
        });
    }

    /** Does one step's changes in one transaction. */
    void apply(Change change) throws SQLException {
        pool.use(connection -> {
            connection.setAutoCommit(false);
            try {
                write(connection, change);
                connection.commit();
                return true;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    private static void write(Connection connection, Change change) throws SQLException {
        run(connection, "INSERT INTO notes VALUES(?, ?, ?)", change.step(), change.user(), change.text());
        OptionalLong edited = change.edited();
        if (edited.isPresent()) {
            run(connection, "UPDATE notes SET text = text || ? WHERE id = ?", change.edit(), edited.getAsLong());
        }
        OptionalLong deleted = change.deleted();
        if (deleted.isPresent()) {
            run(connection, "DELETE FROM notes WHERE id = ?", deleted.getAsLong());
        }
        run(connection, "UPDATE counter SET step = ?", change.step());
    }

    private static void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
