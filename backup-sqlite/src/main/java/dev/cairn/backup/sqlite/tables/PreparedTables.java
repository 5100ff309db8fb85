package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.ReadPin;
import dev.cairn.backup.sqlite.live.SourceFile;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/** A connection that has found every table fit to be captured. */
public final class PreparedTables implements PreparedCapture {

    private final TableSettings settings;
    private final DatabaseFiles files;
    private final CaptureContext context;
    private final SQLiteConnection connection;
    private final ReadPin pin;
    private boolean handedOver;

    private PreparedTables(
            TableSettings settings,
            DatabaseFiles files,
            CaptureContext context,
            SQLiteConnection connection,
            ReadPin pin) {
        this.settings = settings;
        this.files = files;
        this.context = context;
        this.connection = connection;
        this.pin = pin;
    }

    /**
     * Connects to the database and looks every table up; empty if there is no such file.
     *
     * @throws SourceException if it is no database, is locked, cannot be read, or a table is missing or refused
     */
    public static Optional<PreparedTables> open(TableSettings settings, CaptureContext context) {
        DatabaseFiles files = settings.files();
        if (!SourceFile.isThere(settings.name(), files)) {
            return Optional.empty();
        }
        SQLiteConnection connection = null;
        boolean ready = false;
        try {
            connection = Connections.open(files.main(), settings.busyTimeout());
            // A greater row ends in SQLITE_TOOBIG before it is brought into memory
            // (https://www.sqlite.org/limits.html).
            connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, RowJson.MOST_ROW_BYTES);
            ReadPin pin = ReadPin.prepare(connection);
            schemas(settings, files, connection);
            if (!Connections.text(connection, "PRAGMA journal_mode").equalsIgnoreCase("wal")) {
                context.warn(files.main()
                        + " is in rollback-journal mode: its writers wait from the barrier until the tables are read;"
                        + " PRAGMA journal_mode=WAL lets them go on");
            }
            ready = true;
            return Optional.of(new PreparedTables(settings, files, context, connection, pin));
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        } finally {
            if (!ready) {
                closeQuietly(connection);
            }
        }
    }

    /** All tables in the order of their entries, as the connection sees them now. */
    static List<TableSchema> schemas(TableSettings settings, DatabaseFiles files, SQLiteConnection connection)
            throws SQLException {
        List<TableSchema> schemas = new ArrayList<>();
        SchemaReader reader = new SchemaReader(connection);
        for (String table : settings.tables()) {
            TableLookup lookup = reader.lookUp(table, settings.suspendTriggers());
            if (lookup instanceof TableLookup.Refused refused) {
                throw new SourceException(
                        settings.name(), files.main() + ": " + refused.problem(), refused.nextStep(), null);
            }
            schemas.add(((TableLookup.Found) lookup).schema());
        }
        schemas.sort((a, b) -> TablePath.of(a.name()).compareTo(TablePath.of(b.name())));
        return schemas;
    }

    @Override
    public FrozenView freeze() {
        if (handedOver) {
            throw new IllegalStateException("frozen before: " + files.main());
        }
        try {
            pin.take();
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        }
        handedOver = true;
        return new FrozenTables(settings, files, context, connection);
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
