package dev.cairn.backup.examples.factory.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One SQLite database in WAL mode over one connection that a restore can have closed. Thread-safe. */
final class Database implements AutoCloseable {

    private final Path file;
    private final List<String> schema;
    private @Nullable Connection connection;
    private String opened = "";

    Database(Path file, String... schema) {
        this.file = file;
        this.schema = List.of(schema);
    }

    /** What is made of a row. */
    @FunctionalInterface
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    synchronized void open() {
        if (connection != null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Connection fresh = DriverManager.getConnection("jdbc:sqlite:" + file);
            connection = fresh;
            try (Statement statement = fresh.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=FULL");
                for (String table : schema) {
                    statement.execute(table);
                }
            }
            this.opened = identity(file);
        } catch (SQLException e) {
            close();
            throw new IllegalStateException(file + " cannot be opened: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                throw new IllegalStateException(file + " cannot be closed", e);
            }
        }
    }

    /** Changes rows; answers how many. */
    synchronized int change(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    synchronized <T> List<T> query(Row<T> row, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.of(rows));
            }
            return found;
        }
    }

    /** Does all or none of it. */
    synchronized void transaction(Work work) throws SQLException {
        Connection open = connected();
        open.setAutoCommit(false);
        try {
            work.run();
            open.commit();
        } catch (SQLException | RuntimeException e) {
            open.rollback();
            throw e;
        } finally {
            open.setAutoCommit(true);
        }
    }

    /** What belongs together. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    /** What SQLite says of every page and index; {@code ok} if all is well. A file that was deleted under the open connection is well for SQLite, which goes on writing into nowhere; not for us. */
    String integrity() throws SQLException {
        if (!identity(file).equals(opened)) {
            return file.getFileName() + " was deleted or replaced under the open connection";
        }
        return String.join("; ", query(row -> row.getString(1), "PRAGMA integrity_check"));
    }

    /** Which file it is, without opening it; nothing if there is none. */
    private static String identity(Path file) {
        try {
            return String.valueOf(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return "none";
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connected().prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            throw new SQLException(file + " is closed");
        }
        return open;
    }
}
