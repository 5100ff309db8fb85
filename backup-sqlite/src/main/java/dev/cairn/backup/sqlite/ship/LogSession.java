package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.ContinuousGuard;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.wal.BrokenLogException;
import dev.cairn.backup.sqlite.wal.WalFile;
import dev.cairn.backup.sqlite.wal.WalHeader;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Everything that is open of a database while its log is followed: two connections to pin it with in turn, one that asks and checkpoints, one for the write lock when it is needed, and the one
 * channel on the {@code -wal}. For one thread.
 */
final class LogSession implements AutoCloseable {

    /** Short: our thread must not stand still while others have the database for themselves. */
    private static final Duration BUSY = Duration.ofMillis(200);

    private static final int LOOKS = 20;

    private final DatabaseSettings settings;
    private final DatabaseFiles files;
    private final Optional<String> mainKey;
    private final SQLiteConnection helper;
    private final LogCounts counts;
    private final WalFile wal;
    private final Optional<String> walKey;
    private Pin current;
    private Pin spare;
    private @Nullable SQLiteConnection writer;

    private LogSession(DatabaseSettings settings, DatabaseFiles files, Parts parts, LogCounts counts) {
        this.settings = settings;
        this.files = files;
        this.mainKey = parts.mainKey;
        this.walKey = parts.walKey;
        this.helper = java.util.Objects.requireNonNull(parts.helper);
        this.counts = counts;
        this.wal = java.util.Objects.requireNonNull(parts.wal);
        this.current = java.util.Objects.requireNonNull(parts.first);
        this.spare = java.util.Objects.requireNonNull(parts.second);
    }

    /**
     * Opens a database whose log is to be followed. Nothing is pinned yet.
     *
     * @throws dev.cairn.backup.SourceException if its log cannot be followed as the database is set up
     */
    static LogSession open(DatabaseSettings settings) throws SQLException, IOException {
        DatabaseFiles files = settings.files();
        Parts parts = new Parts();
        boolean opened = false;
        try {
            parts.mainKey = DatabaseFiles.keyOf(files.main());
            parts.helper = Connections.open(files.main(), BUSY);
            Connections.run(parts.helper, "PRAGMA trusted_schema=OFF");
            // Its first read makes SQLite open the log, and make the file if there is none.
            ContinuousGuard.requireSafe(settings, parts.helper);
            LogCounts counts = new LogCounts(parts.helper);
            parts.first = Pin.on(files.main(), BUSY);
            parts.second = Pin.on(files.main(), BUSY);
            parts.walKey = DatabaseFiles.keyOf(files.wal());
            parts.wal = WalFile.open(files.wal());
            LogSession session = new LogSession(settings, files, parts, counts);
            if (session.isReplaced()) {
                throw new IOException(files.main() + " was replaced while it was being opened");
            }
            opened = true;
            return session;
        } finally {
            if (!opened) {
                parts.close();
            }
        }
    }

    /** Whether a path leads to another file now than when the session was opened: then this session sees what nobody else does. */
    boolean isReplaced() throws IOException {
        return !settings.files().equals(files)
                || !DatabaseFiles.keyOf(files.main()).equals(mainKey)
                || !DatabaseFiles.keyOf(files.wal()).equals(walKey);
    }

    /** What identifies the main file. */
    Optional<String> mainKey() {
        return mainKey;
    }

    /** The log. */
    WalFile wal() {
        return wal;
    }

    /**
     * Looks at the log. The header is read before and after the count, because the count does not tell its generation. A generation's frames are counted only once its header is
     * written (wal.c, walFrames: the header first, {@code walIndexWriteHdr} with the commit), so that equal headers around a count above 0 name its generation.
     *
     * @throws BrokenLogException if the file does not hold what SQLite counts
     */
    Sight look() throws SQLException, IOException {
        for (int i = 0; i < LOOKS; i++) {
            Optional<WalHeader> before = wal.header();
            counts.ask();
            if (wal.header().equals(before) && (before.isPresent() || counts.frames() == 0)) {
                return new Sight(before, counts.frames(), counts.checkpointed());
            }
        }
        throw new BrokenLogException(counts.frames(), "has no sound header before it");
    }

    /** Pins what is committed now, beside the pin that is held. */
    void pinNext() throws SQLException {
        spare.begin();
    }

    /** Lets the older pin go; the newer one is held from here on. */
    void handOver() throws SQLException {
        current.end();
        Pin free = current;
        current = spare;
        spare = free;
    }

    /** Lets the newer pin go again; the older one stays. */
    void keepOlder() throws SQLException {
        spare.end();
    }

    /**
     * Brings into the main file what no reader needs to be elsewhere. Waits for nobody.
     *
     * @return false if nothing was done because a checkpoint of somebody else is running
     */
    boolean checkpoint() throws SQLException {
        return Connections.number(helper, "PRAGMA wal_checkpoint(PASSIVE)") == 0;
    }

    /** Pages of the database now. */
    long pages() throws SQLException {
        return Connections.number(helper, "PRAGMA page_count");
    }

    /** Bytes of a page. */
    int pageSize() throws SQLException {
        return Math.toIntExact(Connections.number(helper, "PRAGMA page_size"));
    }

    /**
     * Keeps all others from writing until {@link #unlock}; writes nothing.
     *
     * @return false if somebody else is writing
     */
    boolean lock() throws SQLException {
        if (writer == null) {
            writer = Connections.open(files.main(), BUSY);
        }
        try {
            Connections.run(writer, "BEGIN IMMEDIATE");
            return true;
        } catch (SQLException e) {
            org.slf4j.LoggerFactory.getLogger(LogSession.class).debug("{} is being written to", files.main(), e);
            return false;
        }
    }

    void unlock() throws SQLException {
        if (writer != null) {
            Connections.run(writer, "ROLLBACK");
        }
    }

    /** Lets go of everything. The pins last, so that no other connection of ours is the last of all and takes the log away. */
    @Override
    public void close() {
        if (writer != null) {
            Connections.closeQuietly(writer);
        }
        Connections.closeQuietly(helper);
        current.close();
        spare.close();
        Parts.close(wal);
    }

    /** What is open of a session that is still being opened. */
    private static final class Parts {

        private Optional<String> mainKey = Optional.empty();
        private Optional<String> walKey = Optional.empty();
        private @Nullable SQLiteConnection helper;
        private @Nullable Pin first;
        private @Nullable Pin second;
        private @Nullable WalFile wal;

        private void close() {
            if (helper != null) {
                Connections.closeQuietly(helper);
            }
            if (first != null) {
                first.close();
            }
            if (second != null) {
                second.close();
            }
            if (wal != null) {
                close(wal);
            }
        }

        private static void close(WalFile wal) {
            try {
                wal.close();
            } catch (IOException e) {
                org.slf4j.LoggerFactory.getLogger(LogSession.class).debug("Closing a log failed", e);
            }
        }
    }
}
