package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * The proof that no other connection can use a database, for as long as it is open: an EXCLUSIVE lock on the main file itself.
 *
 * <p>{@code BEGIN EXCLUSIVE} alone is no such proof. In WAL mode it only locks the {@code -shm}, an idle connection does not mind, and all that it
 * commits after the rename goes to a file without a name. {@code locking_mode=EXCLUSIVE}, set before the first read, makes WAL mode lock the main file
 * (https://www.sqlite.org/wal.html#noshm), on which every WAL connection that has ever read keeps a SHARED lock until it closes.
 */
final class ExclusiveLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExclusiveLock.class);

    private final SQLiteConnection connection;
    private final Path main;

    private ExclusiveLock(SQLiteConnection connection, Path main) {
        this.connection = connection;
        this.main = main;
    }

    /**
     * Locks a live database. Empty if the file is no longer one, which SQLite cannot lock and to which nobody can commit. That is found out by
     * connections that write nothing: one that may write replays a log into whatever the main file is now, even as it closes after
     * SQLITE_NOTADB, and deletes the log.
     *
     * @throws DatasetInUseException if another connection of any process has it open
     */
    static Optional<ExclusiveLock> ofLive(DatabaseSettings settings, DatabaseFiles live) {
        if (!LiveHealth.isDatabase(settings, live)) {
            LOG.warn("{} cannot be locked: it is not a SQLite database any more", live.main());
            return Optional.empty();
        }
        return acquire(settings, live.main());
    }

    /**
     * Locks a database, waiting up to the busy timeout. Empty if it is too damaged for that.
     *
     * @throws DatasetInUseException if another connection of any process has it open
     */
    static Optional<ExclusiveLock> acquire(DatabaseSettings settings, Path main) {
        SQLiteConnection connection = null;
        try {
            connection = Connections.open(main, settings.busyTimeout());
            Connections.run(connection, "PRAGMA locking_mode=EXCLUSIVE");
            Connections.run(connection, "PRAGMA synchronous=FULL");
            Connections.run(connection, "BEGIN EXCLUSIVE");
            // In exclusive mode the lock outlives the transaction:
            // https://www.sqlite.org/pragma.html#pragma_locking_mode
            Connections.run(connection, "COMMIT");
            return Optional.of(new ExclusiveLock(connection, main));
        } catch (SQLException e) {
            if (connection != null) {
                Connections.closeQuietly(connection);
            }
            return switch (SqliteFailure.of(e)) {
                case BUSY ->
                    throw new DatasetInUseException(
                            settings.name(),
                            "another connection has " + main + " open" + OpenElsewhere.describe(main, 0),
                            "Close every connection to it, pools, other processes and Cairn's continuous protection included, and restore again",
                            e);
                case DENIED, FULL -> throw SqliteFailure.store(main, e);
                default -> {
                    LOG.warn("{} cannot be locked because it is damaged: {}", main, e.getMessage());
                    yield Optional.empty();
                }
            };
        }
    }

    /**
     * Brings everything that is still in the {@code -wal} into the main file and forces it, so that the main file is complete by itself.
     *
     * @return whether it is; false if the database is too damaged for it
     */
    boolean checkpoint() throws IOException {
        try {
            Connections.run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            LOG.warn("The -wal of {} cannot be brought into it: {}", main, e.getMessage());
        }
        DatabaseFiles files = new DatabaseFiles(main);
        return DatabaseFiles.sizeOf(files.wal()) == 0;
    }

    @Override
    public void close() {
        // After a rename SQLite sees that its file has moved and then leaves every -wal by that name alone (pager.c,
        // databaseIsUnmoved).
        Connections.closeQuietly(connection);
    }
}
