package dev.cairn.backup.examples.agtmux;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads several tables again and again, each time in one statement, while somebody else replaces them; remembers every state that it saw. */
final class TableReader implements AutoCloseable {

    private static final String STATE = "SELECT (SELECT count(*) FROM session_state_v2) || ' sessions, '"
            + " || (SELECT count(*) FROM pane_state_v2) || ' panes, '"
            + " || (SELECT sum(changes) FROM pane_state_v2) || ' changes, '"
            + " || (SELECT count(*) FROM seen_event) || ' seen, '"
            + " || (SELECT sum(committed) FROM cursor_state_v2) || ' committed'";

    private final Path database;
    private final Set<String> seen = new LinkedHashSet<>();
    private volatile boolean running = true;
    private volatile @Nullable SQLException failure;
    private final Thread thread = new Thread(this::read, "table-reader");

    private TableReader(Path database) {
        this.database = database;
    }

    /** Begins to read; has read once when this returns. */
    static TableReader of(Path database) {
        TableReader reader = new TableReader(database);
        reader.once();
        reader.thread.start();
        return reader;
    }

    private void once() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            add(connection);
        } catch (SQLException e) {
            failure = e;
        }
    }

    private void read() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            while (running) {
                add(connection);
            }
            add(connection);
        } catch (SQLException e) {
            failure = e;
        }
    }

    private void add(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            synchronized (seen) {
                seen.add(row.getString(1));
            }
        }
    }

    /** Stops, after a last look; answers every state in the order in which they were seen first. */
    Set<String> states() throws Exception {
        running = false;
        thread.join();
        SQLException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return seen;
    }

    @Override
    public void close() {
        running = false; // It ends by itself.
    }
}
