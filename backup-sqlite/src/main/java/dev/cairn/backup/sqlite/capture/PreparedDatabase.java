package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.ReadPin;
import dev.cairn.backup.sqlite.live.SourceFile;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
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
    private final ReadPin pin;
    private Optional<CutLog> cut = Optional.empty();
    private boolean handedOver;

    private PreparedDatabase(
            DatabaseSettings settings, DatabaseFiles files, CaptureContext context, SQLiteConnection connection)
            throws SQLException {
        this.settings = settings;
        this.files = files;
        this.context = context;
        this.connection = connection;
        this.pin = ReadPin.prepare(connection);
    }

    /**
     * Connects to the database and reads its schema; empty if there is no such file.
     *
     * @param log tells where in the database's log the freeze lies, if it is followed
     * @throws dev.cairn.backup.SourceException if it is no database, is locked or cannot be read
     */
    public static Optional<PreparedDatabase> open(
            DatabaseSettings settings, CaptureContext context, CutLog.Source log) {
        DatabaseFiles files = settings.files();
        if (!SourceFile.isThere(settings.name(), files)) {
            return Optional.empty();
        }
        SQLiteConnection connection = null;
        try {
            Optional<String> key = keyOf(files);
            connection = Connections.open(files.main(), settings.busyTimeout());
            PreparedDatabase prepared = new PreparedDatabase(settings, files, context, connection);
            prepared.warm();
            prepared.open(log, key);
            return Optional.of(prepared);
        } catch (SQLException e) {
            closeQuietly(connection);
            throw SqliteFailure.source(settings.name(), files.main(), e);
        } catch (RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /** The log of another file that took the place of ours meanwhile would tell where that one stands. */
    private void open(CutLog.Source log, Optional<String> key) {
        Optional<CutLog> found = log.open(files, context);
        if (keyOf(files).equals(key)) {
            cut = found;
        } else if (found.isPresent()) {
            found.get().close();
            context.warn(
                    files.main()
                            + " was replaced while its snapshot was prepared: this snapshot holds the file before, and is no base for restoring later transactions");
        }
    }

    private static Optional<String> keyOf(DatabaseFiles files) {
        try {
            return DatabaseFiles.keyOf(files.main());
        } catch (IOException e) {
            LoggerFactory.getLogger(PreparedDatabase.class).debug("{} cannot be told from others", files.main(), e);
            return Optional.empty();
        }
    }

    private void warm() throws SQLException {
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
            if (cut.isPresent()) {
                cut.get().pin(pin::take, () -> Connections.run(connection, "ROLLBACK"));
            } else {
                pin.take();
            }
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        }
        handedOver = true;
        if (cut.isPresent() && cut.get().isLost()) {
            context.warn(
                    "Where the log of " + files.main()
                            + " stood is not known, because somebody committed all the time: this snapshot is no base for restoring later transactions");
        }
        return new FrozenDatabase(
                settings,
                files,
                context,
                connection,
                cut.map(FrozenLog.class::cast).orElse(FrozenLog.NONE));
    }

    @Override
    public void close() {
        if (!handedOver) {
            cut.ifPresent(CutLog::close);
            closeQuietly(connection);
        }
    }

    private static void closeQuietly(@Nullable SQLiteConnection connection) {
        if (connection != null) {
            Connections.closeQuietly(connection);
        }
    }
}
