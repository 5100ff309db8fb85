package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * A connection that has read the schema once, so that the freeze has nothing left to open: connecting takes 0.2 ms to 2.4 ms, the freeze of a warm
 * connection 0.01 ms.
 */
public final class PreparedDatabase implements PreparedCapture {

    private final DatabaseSettings settings;
    private final DatabaseFiles files;
    private final CaptureContext context;
    private final SQLiteConnection connection;
    private final PreparedStatement begin;
    private final PreparedStatement firstRead;
    private boolean handedOver;

    private PreparedDatabase(
            DatabaseSettings settings, DatabaseFiles files, CaptureContext context, SQLiteConnection connection)
            throws SQLException {
        this.settings = settings;
        this.files = files;
        this.context = context;
        this.connection = connection;
        // An implicit read would end its transaction with the statement; only an explicit one keeps its snapshot
        // (lang_transaction.html).
        this.begin = connection.prepareStatement("BEGIN DEFERRED");
        this.firstRead = connection.prepareStatement("SELECT rootpage FROM sqlite_schema LIMIT 1");
    }

    /**
     * Connects to the database and reads its schema; empty if there is no such file.
     *
     * @throws SourceException if it is no database, is locked or cannot be read
     */
    public static Optional<PreparedDatabase> open(DatabaseSettings settings, CaptureContext context) {
        DatabaseFiles files = settings.files();
        if (!isThere(settings, files)) {
            return Optional.empty();
        }
        SQLiteConnection connection = null;
        try {
            connection = Connections.open(files.main(), settings.busyTimeout());
            PreparedDatabase prepared = new PreparedDatabase(settings, files, context, connection);
            prepared.warm();
            return Optional.of(prepared);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw SqliteFailure.source(settings.name(), files.main(), e);
        } catch (RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    private static boolean isThere(DatabaseSettings settings, DatabaseFiles files) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(files.main(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile()) {
                throw new SourceException(
                        settings.name(),
                        files.main() + " is not a regular file",
                        "Name the database file itself",
                        null);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new SourceException(
                    settings.name(),
                    files.main() + " cannot be looked at: " + e.getMessage(),
                    "Give this process the right to read it",
                    e);
        }
    }

    private void warm() throws SQLException {
        Connections.run(connection, "PRAGMA trusted_schema=OFF");
        Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
        if (!Connections.text(connection, "PRAGMA journal_mode").equalsIgnoreCase("wal")) {
            context.warn(files.main()
                    + " is in rollback-journal mode: its writers wait from the barrier until the copy is made;"
                    + " PRAGMA journal_mode=WAL lets them go on");
        }
    }

    @Override
    public FrozenView freeze() {
        if (handedOver) {
            throw new IllegalStateException("frozen before: " + files.main());
        }
        try {
            begin.execute();
            // BEGIN DEFERRED takes no snapshot; the first read does (https://www.sqlite.org/isolation.html).
            try (ResultSet rows = firstRead.executeQuery()) {
                rows.next();
            }
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        }
        handedOver = true;
        return new FrozenDatabase(settings, files, context, connection);
    }

    @Override
    public void close() {
        if (!handedOver) {
            closeQuietly(connection);
        }
    }

    private static void closeQuietly(@Nullable SQLiteConnection connection) {
        if (connection != null) {
            Connections.closeQuietly(connection);
        }
    }
}
