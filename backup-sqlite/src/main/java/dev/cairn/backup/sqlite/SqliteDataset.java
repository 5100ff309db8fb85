package dev.cairn.backup.sqlite;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.LiveTarget;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.capture.CutLog;
import dev.cairn.backup.sqlite.capture.PreparedDatabase;
import dev.cairn.backup.sqlite.live.CaptureGuard;
import dev.cairn.backup.sqlite.live.DatabasePlace;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.FreeSpace;
import dev.cairn.backup.sqlite.live.SourceFile;
import dev.cairn.backup.sqlite.restore.CopyComparison;
import dev.cairn.backup.sqlite.restore.DatabaseRestore;
import dev.cairn.backup.sqlite.restore.DatabaseTrash;
import dev.cairn.backup.sqlite.restore.SnapshotDatabase;
import dev.cairn.backup.sqlite.ship.LogShipper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One SQLite database. A snapshot holds it as one file: exactly what was committed at the barrier, including what was still in the
 * {@code -wal}, and complete by itself.
 *
 * <p><b>While the host runs.</b> The freeze begins a read transaction, 0.01 ms once the connection is warm; the copy into scratch follows outside the barrier and ends
 * however much is written meanwhile. In WAL mode the host's readers and writers are never held up; its {@code -wal} cannot be reset
 * until the copy is made, and grows by what is committed until then. In rollback-journal mode (SQLite's default) writers wait from the
 * barrier until the copy is made: 0.5 s for 500 MB in memory. Such a database gets a warning in each snapshot.
 *
 * <p><b>What is restored.</b> Every table, index and page as it was, with the page size, encoding, {@code auto_vacuum}, {@code user_version},
 * {@code application_id} and the journal mode: a WAL database is one again. Only the change counters and the schema cookie in the header are SQLite's
 * own for the copy. Permission bits, owner and group are those of the main file at the capture.
 *
 * <p><b>Restoring needs the database for itself.</b> Close every connection first (the host's restore hooks are the place); one that is still
 * open would go on committing to a file without a name. In WAL mode any connection that has read is found by its lock, in this
 * process or another. Connections without a lock, which is every idle one in rollback-journal mode, are found on Linux by their open
 * descriptors, as far as this process may see the others' (own user, or root; not other containers); Windows refuses to replace an open
 * file; elsewhere they are not found. The old database stays beside the new one as {@code <stem>-before-<yyyyMMdd-HHmmss>.<ext>}, or
 * {@code <stem>-corrupt-…} if it was damaged, UTC, and is never removed by Cairn.
 *
 * <p>The host must use the same copy of the native SQLite library (one {@code sqlite-jdbc} in one class loader), as must all code in one process: two
 * copies break each other's POSIX locks (https://www.sqlite.org/howtocorrupt.html, 2.2.1). A second copy of the driver's library is refused before the database is opened: on
 * Linux any, on other POSIX systems one whose class loader can be reached from a thread; of another SQLite in the process each snapshot warns. A file that is no database, or an encrypted one, is refused before
 * anything could write to it. On a network file system each snapshot carries a warning.
 *
 * <p>Immutable and thread-safe; each option answers a new dataset.
 */
public final class SqliteDataset implements Dataset {

    private final DatabaseSettings settings;
    private final boolean optional;
    private final @Nullable ContinuousProtection protection;
    private final Optional<LogShipper> shipper;

    private SqliteDataset(DatabaseSettings settings, boolean optional, @Nullable ContinuousProtection protection) {
        this.settings = settings;
        this.optional = optional;
        this.protection = protection;
        this.shipper = Optional.ofNullable(protection).map(it -> new LogShipper(settings, it.limits()));
    }

    /**
     * The database at a path. Touches nothing; the file need not exist yet.
     *
     * @param name the dataset's name, see {@link Dataset#name}
     * @param database the main file, or a symbolic link to it; on the default file system, as SQLite opens it by name
     * @throws InvalidValueException if the name or the path is not allowed
     */
    public static SqliteDataset of(String name, Path database) {
        return new SqliteDataset(DatabaseSettings.of(name, database), false, null);
    }

    /** Allows the file to be missing at a snapshot, which then lists the dataset as absent, with a warning, instead of failing. */
    public SqliteDataset optional() {
        return new SqliteDataset(settings, true, protection);
    }

    /**
     * Ships every transaction as the host commits it, so that each can be restored: see {@link ContinuousProtection} for what that needs and costs. Needs a database in WAL mode.
     */
    public SqliteDataset continuous(ContinuousProtection settings) {
        return new SqliteDataset(this.settings, optional, settings);
    }

    /**
     * Says that something was committed, so that it is shipped within 50 ms instead of at the next poll. For a commit hook, or after a transaction that matters: any thread, under a
     * microsecond, never throws. To be called on the very dataset that the manager was given. Does nothing without continuous protection.
     */
    public void wakeUp() {
        shipper.ifPresent(LogShipper::wakeUp);
    }

    /**
     * How long to wait for another connection's lock: when preparing and freezing (inside the barrier only where a rollback-journal writer is
     * just committing), and for the lock that proves that nobody else has the database open before it is replaced. By default 5 s.
     *
     * @param timeout zero to 10 minutes
     * @throws InvalidValueException if it is out of bounds
     */
    public SqliteDataset busyTimeout(Duration timeout) {
        return with(DatabaseSettings.allowedTimeout(timeout), settings.thoroughCheck(), settings.counts());
    }

    /** How thoroughly a restored copy is checked before it may become live; by default {@link IntegrityCheck#QUICK}. */
    public SqliteDataset integrityCheck(IntegrityCheck check) {
        return with(settings.busyTimeout(), check == IntegrityCheck.FULL, settings.counts());
    }

    /**
     * Adds a named count to each snapshot's metadata. The query runs on the copy in scratch, where it disturbs nobody. One that fails gives a
     * warning instead of a count and does not fail the snapshot.
     *
     * @param count its name, 1 to 64 characters, such as {@code memories}
     * @param query a query whose first row begins with a number, such as {@code select count(*) from memories}
     * @throws InvalidValueException if the name is not allowed or used twice, or the query is blank
     */
    public SqliteDataset count(String count, String query) {
        if (count.isBlank() || count.length() > 64 || settings.counts().containsKey(count)) {
            throw new InvalidValueException("count name", count, "1 to 64 characters, each name once");
        }
        if (query.isBlank()) {
            throw new InvalidValueException("query of count '" + count + "'", query, "a SELECT");
        }
        Map<String, String> counts = new LinkedHashMap<>(settings.counts());
        counts.put(count, query);
        return with(settings.busyTimeout(), settings.thoroughCheck(), counts);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String kind() {
        return "sqlite";
    }

    @Override
    public boolean isOptional() {
        return optional;
    }

    @Override
    public Optional<Location> location() {
        return Optional.of(DatabasePlace.of(settings.files()));
    }

    @Override
    public Optional<ContinuousSource> continuousSource() {
        return shipper.map(ContinuousSource.class::cast);
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        CaptureGuard.requireReadable(settings, context::warn);
        Optional<PreparedCapture> prepared = PreparedDatabase.open(
                        settings, context, shipper.map(LogShipper::cuts).orElse(CutLog.Source.NONE))
                .map(PreparedCapture.class::cast);
        if (prepared.isEmpty() && !optional) {
            throw SourceFile.missing(name(), settings.files());
        }
        return prepared;
    }

    @Override
    public Optional<DatasetTrash> trash() {
        return Optional.of(new DatabaseTrash(settings));
    }

    @Override
    public Optional<LiveTarget> liveTarget() {
        return FreeSpace.look(settings.files(), DatabasePlace.of(settings.files()));
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return SnapshotDatabase.compare(settings, snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return DatabaseRestore.stage(settings, snapshot, context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return DatabaseRestore.resume(settings, context);
    }

    /** {@inheritDoc} It is not protected continuously. */
    @Override
    public Optional<Dataset> isolated(Path folder) {
        DatabaseSettings there = new DatabaseSettings(
                name(),
                folder.resolve(settings.files().fileName()).toAbsolutePath().normalize(),
                settings.busyTimeout(),
                settings.thoroughCheck(),
                settings.counts());
        return Optional.of(new SqliteDataset(there, optional, null));
    }

    @Override
    public List<String> differences(DatasetReader snapshot) {
        return CopyComparison.differences(settings, snapshot);
    }

    @Override
    public String toString() {
        return "SqliteDataset[" + name() + ", " + settings.configured() + "]";
    }

    private SqliteDataset with(Duration busyTimeout, boolean thorough, Map<String, String> counts) {
        return new SqliteDataset(
                new DatabaseSettings(settings.name(), settings.configured(), busyTimeout, thorough, counts),
                optional,
                protection);
    }
}
