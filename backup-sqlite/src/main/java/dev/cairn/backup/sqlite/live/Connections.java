package dev.cairn.backup.sqlite.live;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * The only ways in which this module opens a database. All go through a {@code file:} URI with the path escaped, so that spaces, {@code ?},
 * {@code %} and {@code #} stay part of the name (https://www.sqlite.org/uri.html), and none ever creates a database. Extensions cannot be loaded.
 */
public final class Connections {

    private Connections() {}

    /**
     * Opens a database for reading and locking. SQLite falls back to reading only where the file may not be written. The cache is private: in a
     * shared one, the copy of a page would wait for other connections' transactions.
     *
     * @throws SQLException if it cannot be opened; a file that is no database is only noticed at the first read
     */
    public static SQLiteConnection open(Path database, Duration busyTimeout) throws SQLException {
        return connect(uri(database) + "?mode=rw&cache=private", busyTimeout);
    }

    /**
     * Opens a database for reading only, with locks. Closing it never checkpoints: what lies on disk stays as it is, but in WAL mode an empty
     * {@code -wal} and a {@code -shm} may be made.
     *
     * @throws SQLException if it cannot be opened
     */
    public static SQLiteConnection openReadOnly(Path database, Duration busyTimeout) throws SQLException {
        return connect(uri(database) + "?mode=ro&cache=private", busyTimeout);
    }

    /**
     * Opens a database that nobody changes, without locks, journals or any file beside it
     * (https://www.sqlite.org/uri.html#uriimmutable). For staged and scratch copies, and where a wrong answer
     * does no harm. Schemas in it are not trusted.
     *
     * @throws SQLException if it cannot be opened
     */
    public static SQLiteConnection openImmutable(Path copy) throws SQLException {
        SQLiteConnection connection = connect(uri(copy) + "?mode=ro&immutable=1&cache=private", Duration.ZERO);
        try {
            // A view or trigger of a database from elsewhere must not run functions with side effects:
            // sqlite.org/security.html.
            run(connection, "PRAGMA trusted_schema=OFF");
            run(connection, "PRAGMA query_only=ON");
            return connection;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /** The path as a {@code file:} URI without a query, in UTF-8 as SQLite expects it. */
    public static String uri(Path file) {
        String path =
                file.toAbsolutePath().toString().replace(file.getFileSystem().getSeparator(), "/");
        StringBuilder uri = new StringBuilder(path.startsWith("/") ? "file://" : "file:///");
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "/._-~".indexOf(c) >= 0;
            if (plain) {
                uri.append(c);
            } else {
                uri.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return uri.toString();
    }

    /** Runs a statement and drops its answer. */
    public static void run(SQLiteConnection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * The first column of a query's first row as a number.
     *
     * @throws SQLException if the query fails or has no row
     */
    public static long number(SQLiteConnection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                throw new SQLException("no row: " + query);
            }
            return rows.getLong(1);
        }
    }

    /**
     * The first column of a query's first row as text.
     *
     * @throws SQLException if the query fails or has no row
     */
    public static String text(SQLiteConnection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                throw new SQLException("no row: " + query);
            }
            return String.valueOf(rows.getString(1));
        }
    }

    /** Closes a connection whose failure to close would tell nothing that the caller can act on. */
    public static void closeQuietly(SQLiteConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            org.slf4j.LoggerFactory.getLogger(Connections.class).debug("Closing {} failed", connection.getUrl(), e);
        }
    }

    private static SQLiteConnection connect(String uri, Duration busyTimeout) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.enableLoadExtension(false);
        config.setBusyTimeout((int) Math.min(Integer.MAX_VALUE, busyTimeout.toMillis()));
        return (SQLiteConnection) config.createConnection("jdbc:sqlite:" + uri);
    }
}
