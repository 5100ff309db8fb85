package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * What must hold for continuous protection, which follows a database by its log and takes locks for the proof that no commit was missed. Where one of these
 * is in doubt plain snapshots still work.
 *
 * <p>Every refusal is a {@link SourceException}: it names the dataset, so that the engine can leave that one aside, and its contract has "refused because
 * reading it would be unsafe". A {@link dev.cairn.backup.ConfigurationException} promises that nothing was opened yet.
 */
public final class ContinuousGuard {

    private static final Logger LOG = LoggerFactory.getLogger(ContinuousGuard.class);
    private static final long SMALLEST_INDEX = 32 * 1024;

    private ContinuousGuard() {}

    /**
     * Refuses a database that must not be protected continuously.
     *
     * @param settings the dataset
     * @param connection an open connection to it; a query is run on it if it has not read yet
     * @throws SourceException naming what is wrong and the way out, or if the database cannot be asked; nothing was changed
     */
    public static void requireSafe(DatabaseSettings settings, SQLiteConnection connection) {
        DatabaseFiles files = settings.files();
        try {
            NativeCopies.requireSingle(settings, LOG::warn);
            requireVersion(settings, Connections.text(connection, "SELECT sqlite_version()"));
            // Before the first read a connection has neither a log nor an index.
            Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
            requireWal(settings, Connections.text(connection, "PRAGMA journal_mode"));
            requireNormalLocking(settings, Connections.text(connection, "PRAGMA locking_mode"));
            requirePageSize(settings, Connections.number(connection, "PRAGMA page_size"));
            requireLocal(settings, NetworkFileSystem.under(files.main()));
            requireSharedIndex(settings, files);
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        }
    }

    static void requireVersion(DatabaseSettings settings, String version) {
        Optional<SqliteVersion> known = SqliteVersion.parse(version);
        if (known.isEmpty() || known.get().hasWalResetBug()) {
            throw refusal(
                    settings,
                    "SQLite " + version
                            + (known.isEmpty()
                                    ? " is of no release that is known"
                                    : " can corrupt a database in WAL mode when its log is reset (3.7.0 to 3.51.2)"),
                    "Use sqlite-jdbc 3.51.3 or later, or a build of SQLite 3.50.7 or 3.44.6, here and in every other program that writes to it");
        }
    }

    static void requireWal(DatabaseSettings settings, String journalMode) {
        if (!journalMode.equalsIgnoreCase("wal")) {
            throw refusal(
                    settings,
                    "it is in journal mode '" + journalMode + "', which leaves no log to follow",
                    "Run PRAGMA journal_mode=WAL on it once; the mode stays with the file");
        }
    }

    static void requireNormalLocking(DatabaseSettings settings, String lockingMode) {
        if (!lockingMode.equalsIgnoreCase("normal")) {
            throw refusal(
                    settings,
                    "the connection is in locking_mode '" + lockingMode
                            + "' and would keep the host out of its own database",
                    "Open it with PRAGMA locking_mode=NORMAL");
        }
    }

    static void requirePageSize(DatabaseSettings settings, long pageSize) {
        if (pageSize < 512 || pageSize > 65_536 || Long.bitCount(pageSize) != 1) {
            throw refusal(
                    settings,
                    "its page size is " + pageSize + " bytes, not a power of two from 512 to 65536",
                    "Check the file with PRAGMA integrity_check, and restore a snapshot of it if it is damaged");
        }
    }

    static void requireLocal(DatabaseSettings settings, Optional<String> networkType) {
        if (networkType.isPresent()) {
            throw refusal(
                    settings,
                    "it lies on a network file system (" + networkType.get()
                            + "), where WAL mode has no memory that all its users share",
                    "Move it to a local disk, or take plain snapshots, which only warn");
        }
    }

    /**
     * A connection of the VFS {@code unix-excl}, or one that is alone by its locking mode, keeps the log's index in memory of its own; it says "wal" and "normal"
     * all the same, and other processes then neither see its read marks nor are seen (https://www.sqlite.org/vfs.html, "The Standard Unix VFSes").
     */
    private static void requireSharedIndex(DatabaseSettings settings, DatabaseFiles files) throws SQLException {
        try {
            String inode = DatabaseFiles.keyOf(files.shm()).orElse("none");
            boolean there = DatabaseFiles.sizeOf(files.shm()) >= SMALLEST_INDEX;
            boolean mapped = ProcFile.MAPS
                    .lines()
                    .map(maps -> isShared(maps, files.shm().toString(), inode))
                    .orElse(true);
            if (!there || !mapped) {
                throw refusal(
                        settings,
                        "its " + files.shm().getFileName() + (there ? " is not mapped by this process" : " is missing")
                                + ": the index of its log is not memory that other processes share",
                        "Open it through SQLite's default VFS (no unix-excl, unix-none or nolock) and close connections with locking_mode=EXCLUSIVE");
            }
        } catch (IOException e) {
            throw new SourceException(
                    settings.name(),
                    files.shm() + " cannot be looked at: " + e.getMessage(),
                    "Give this process the right to read its folder",
                    e);
        }
    }

    /** Whether the file is mapped as memory that is shared. By name or inode: overlay file systems may show another of either. */
    static boolean isShared(List<String> maps, String path, String inode) {
        return maps.stream()
                .map(line -> line.split(" +", 6))
                .anyMatch(parts -> parts.length == 6
                        && parts[1].endsWith("s")
                        && (parts[5].equals(path) || parts[4].equals(inode)));
    }

    private static SourceException refusal(DatabaseSettings settings, String problem, String nextStep) {
        return new SourceException(
                settings.name(),
                settings.configured() + " cannot be protected continuously: " + problem,
                nextStep,
                null);
    }
}
