package dev.cairn.backup.sqlite;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.ContinuousSource;
import java.time.Duration;

/**
 * How the log of a database is shipped while the host runs. Immutable and thread-safe; each option answers new settings.
 *
 * <p><b>What the host notices.</b> Cairn keeps a read transaction open nearly all the time and moves it on with each poll. Readers and writers are not held up by it. All checkpoints work, in every
 * mode; RESTART and TRUNCATE wait until the transaction has moved on, two or three polls, and need a busy timeout for that. The {@code -wal} grows to a few polls' worth of commits more than without, and
 * under a writer that never pauses to an eighth of {@link #walLimit}; while a snapshot copies the whole database it cannot be restarted, and grows by what is committed meanwhile; then all writers are held back while the log's last milliseconds are shipped and checkpointed, which takes two syncs of the
 * disk: 1 to 200 ms. A writer that commits faster than its log can be shipped is slowed down by it. So <b>every connection needs a busy timeout</b>, 1 s or more ({@code PRAGMA busy_timeout}), as any use of SQLite by two connections does. SQLite does not wait for a transaction that has read before it writes, whatever its timeout: where the log can grow so far, <b>begin those that write with
 * {@code BEGIN IMMEDIATE}</b>, or try again after "database is locked". Nothing else of the host's is changed: no
 * pragma, no table, no file.
 *
 * <p><b>What does not work meanwhile</b>, and is refused by SQLite with "database is locked": leaving WAL mode, and {@code locking_mode=EXCLUSIVE}. Close the manager first. Replacing or deleting the database
 * file under it is noticed, and begins anew with an alarm.
 *
 * <p><b>After the manager is closed</b> everything is in the main file, so that a copy of that alone is whole; and if no other connection is open the {@code -wal} and {@code -shm} are gone, as with the last
 * connection of any host. The next start then begins a new timeline, without an alarm, and takes a base. After a crash they stay, and the next start goes on exactly: <b>whoever puts another file in the
 * database's place by hand after a crash must remove both first</b>, as with any SQLite database (https://www.sqlite.org/howtocorrupt.html, 1.4); a restore does so by itself.
 *
 * <p><b>No other tool may checkpoint by removing locks</b>: code that opens the database's main file or its {@code -shm} with Java I/O takes SQLite's locks from this whole process
 * (https://www.sqlite.org/howtocorrupt.html, 2.2). One process only may protect a database.
 */
public final class ContinuousProtection {

    private static final long MIB = 1024 * 1024;
    private static final ContinuousProtection DEFAULTS =
            new ContinuousProtection(Duration.ofMillis(250), 512 * MIB, 1024 * MIB, Duration.ofDays(1));

    private final Duration poll;
    private final long walBytes;
    private final long spoolBytes;
    private final Duration history;

    /** Checks nothing: the bounds are those of the options. */
    ContinuousProtection(Duration poll, long walBytes, long spoolBytes, Duration history) {
        this.poll = poll;
        this.walBytes = walBytes;
        this.spoolBytes = spoolBytes;
        this.history = history;
    }

    /** A look each 250 ms; at most 512 MiB of {@code -wal} and 1 GiB of spool; 1 day of history. */
    public static ContinuousProtection defaults() {
        return DEFAULTS;
    }

    /**
     * How often to look for commits. What was committed since the last look, and what is being stored at that moment, is lost with the machine's disk.
     *
     * @param interval 50 ms to 1 s
     * @throws InvalidValueException if it is out of bounds
     */
    public ContinuousProtection pollEvery(Duration interval) {
        if (interval.compareTo(Duration.ofMillis(50)) < 0 || interval.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new InvalidValueException("poll interval", interval, "50 ms to 1 s");
        }
        return new ContinuousProtection(interval, walBytes, spoolBytes, history);
    }

    /**
     * How far the {@code -wal} may grow because commits cannot be shipped, before it is let go and a new timeline begins, rather than fill the disk. A snapshot during whose copy it comes near that
     * fails with a {@link dev.cairn.backup.SourceException}, so that it can begin anew: allow as much as is committed while the database is copied, 1 to 3 s for each 500 MB in memory.
     *
     * @param bytes 1 MiB to 1 TiB
     * @throws InvalidValueException if it is out of bounds
     */
    public ContinuousProtection walLimit(long bytes) {
        return new ContinuousProtection(poll, bounded("wal limit", bytes), spoolBytes, history);
    }

    /**
     * How much may wait on the local disk while the repository cannot be reached.
     *
     * @param bytes 1 MiB to 1 TiB
     * @throws InvalidValueException if it is out of bounds
     */
    public ContinuousProtection spoolLimit(long bytes) {
        return new ContinuousProtection(poll, walBytes, bounded("spool limit", bytes), history);
    }

    /**
     * For how long every transaction stays restorable.
     *
     * @param kept 1 minute to 3650 days
     * @throws InvalidValueException if it is out of bounds
     */
    public ContinuousProtection history(Duration kept) {
        if (kept.compareTo(Duration.ofMinutes(1)) < 0 || kept.compareTo(Duration.ofDays(3650)) > 0) {
            throw new InvalidValueException("history", kept, "1 minute to 3650 days");
        }
        return new ContinuousProtection(poll, walBytes, spoolBytes, kept);
    }

    ContinuousSource.Limits limits() {
        return new ContinuousSource.Limits(spoolBytes, history, walBytes, poll);
    }

    @Override
    public String toString() {
        return "ContinuousProtection[poll " + poll + ", wal " + walBytes + ", spool " + spoolBytes + ", history "
                + history + "]";
    }

    private static long bounded(String what, long bytes) {
        if (bytes < MIB || bytes > 1024 * 1024 * MIB) {
            throw new InvalidValueException(what, bytes, "1 MiB to 1 TiB");
        }
        return bytes;
    }
}
