package dev.cairn.backup.sqlite;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.live.CaptureGuard;
import dev.cairn.backup.sqlite.live.DatabasePlace;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.SourceFile;
import dev.cairn.backup.sqlite.tables.EmptyTables;
import dev.cairn.backup.sqlite.tables.PreparedTables;
import dev.cairn.backup.sqlite.tables.TableSettings;
import dev.cairn.backup.sqlite.tables.TablesComparison;
import dev.cairn.backup.sqlite.tables.TablesRestore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Some tables of one SQLite database, as one dataset. A snapshot holds the rows of all of them as they were at the barrier; a restore replaces these rows, all or
 * none, and nothing else: other tables, indexes, triggers and the schema stay. For state that must go back while the rest of its database, such as an audit trail, must not.
 *
 * <p><b>While the host runs.</b> The freeze begins a read transaction on a connection that was opened before; the rows are read outside the barrier, one after
 * the other, straight into the repository. In WAL mode nobody waits, but the {@code -wal} cannot be reset until all rows are read, and grows by what is committed meanwhile: as
 * long as the repository takes. In rollback-journal mode writers wait that long; such a database gets a warning in each snapshot.
 *
 * <p><b>What is captured.</b> One entry a table, {@code <table>.jsonl}: a first line that describes the table, then a line for each row, in the order of its key, so that
 * unchanged rows are stored once. Every value comes back exactly, with its storage class: 64-bit integers, floating point numbers with infinities, text with any
 * character, also NUL and what is no Unicode, blobs, NULL; rowids that no column stands for; the sequences of AUTOINCREMENT. Generated columns are left out and computed again.
 * A row may have 16 MiB. The rows of each table are counted in the snapshot's metadata, under the table's name unless {@link #countedAs} gives another.
 *
 * <p><b>What is refused</b>, when a snapshot is prepared: a table that is missing, a view, a virtual or shadow table, one whose collation or functions only the host has, and
 * one with triggers unless {@link #suspendTriggers} is declared.
 *
 * <p><b>Restoring</b> stages all rows beside the database, then replaces them in one write transaction; connections may stay open, and one that is writing
 * longer than the busy timeout refuses the restore ({@link dev.cairn.backup.DatasetInUseException}). No ON DELETE action runs and no trigger fires. References between the
 * named tables are as they were at the capture; if a reference to or from another table would be broken that was not before, everything is rolled back and the
 * rows are named ({@link dev.cairn.backup.RestoreRefusedException}). A table that is made in another way than the captured one is refused before anything
 * is written: missing or renamed columns, a type that would change values, another primary key. A new column is allowed if it has a default or may be NULL. The replaced rows are kept
 * beside the database as {@code <stem>-<dataset>-rows-<yyyyMMdd-HHmmss>.db}, UTC, and are never removed by Cairn.
 *
 * <p>Until a restore has ended, what others write to the named tables is lost if it is rolled back. The swap moves the database's schema cookie forward, so that others read the
 * schema once more; a crash at any point leaves all old rows or all new ones, and recovery knows which.
 *
 * <p>As for {@link SqliteDataset}, the host must use the same copy of the native SQLite library. Immutable and thread-safe; each option answers a new dataset.
 */
public final class SqliteTablesDataset implements Dataset {

    private static final int LONGEST_NAME = 128;

    private final TableSettings settings;
    private final boolean optional;
    private final boolean isolated;

    private SqliteTablesDataset(TableSettings settings, boolean optional) {
        this(settings, optional, false);
    }

    private SqliteTablesDataset(TableSettings settings, boolean optional, boolean isolated) {
        this.settings = settings;
        this.optional = optional;
        this.isolated = isolated;
    }

    /**
     * Tables of the database at a path. Touches nothing; the file need not exist yet.
     *
     * @param name the dataset's name, see {@link Dataset#name}
     * @param database the main file, or a symbolic link to it; on the default file system, as SQLite opens it by name
     * @param tables the tables' names, at least one, each once; the case of ASCII letters makes no difference, as in SQLite
     * @throws InvalidValueException if the name, the path or a table's name is not allowed
     */
    public static SqliteTablesDataset of(String name, Path database, String... tables) {
        DatabaseSettings in = DatabaseSettings.of(name, database);
        requireTables(List.of(tables));
        return new SqliteTablesDataset(
                new TableSettings(name, in.configured(), in.busyTimeout(), List.of(tables), Map.of(), false), false);
    }

    private static void requireTables(List<String> tables) {
        if (tables.isEmpty()) {
            throw new InvalidValueException("tables", tables, "at least one table");
        }
        Set<String> seen = new HashSet<>();
        for (String table : tables) {
            boolean reserved = TableSettings.folded(table).startsWith("sqlite_")
                    || TableSettings.folded(table).startsWith("cairn ");
            if (table.isBlank() || table.length() > LONGEST_NAME || table.indexOf(0) >= 0 || reserved) {
                throw new InvalidValueException(
                        "table", table, "1 to 128 characters without NUL, not beginning with 'sqlite_' or 'cairn '");
            }
            if (!seen.add(TableSettings.folded(table))) {
                throw new InvalidValueException("table", table, "each table once, whatever the case of its letters");
            }
        }
    }

    /** Allows the database to be missing at a snapshot, which then lists the dataset as absent, with a warning. A table of it may never be missing. */
    public SqliteTablesDataset optional() {
        return new SqliteTablesDataset(settings, true);
    }

    /**
     * How long to wait for another connection's lock: when preparing and freezing (inside the barrier only where a rollback-journal writer is
     * just committing), and for the write lock of a restore. By default 5 s.
     *
     * @param timeout zero to 10 minutes
     * @throws InvalidValueException if it is out of bounds
     */
    public SqliteTablesDataset busyTimeout(Duration timeout) {
        return with(DatabaseSettings.allowedTimeout(timeout), settings.counts(), settings.suspendTriggers());
    }

    /**
     * Gives the count of a table's rows another name in the metadata, such as {@code sessions} for {@code session_state_v2}.
     *
     * @param table one of the tables
     * @param count its name, 1 to 64 characters
     * @throws InvalidValueException if there is no such table, or the name is not allowed or taken
     */
    public SqliteTablesDataset countedAs(String table, String count) {
        if (settings.tables().stream()
                .noneMatch(one -> TableSettings.folded(one).equals(TableSettings.folded(table)))) {
            throw new InvalidValueException("table", table, "one of " + settings.tables());
        }
        Map<String, String> counts = new TreeMap<>(settings.counts());
        counts.put(TableSettings.folded(table), count);
        boolean taken = settings.tables().stream()
                .anyMatch(one -> !TableSettings.folded(one).equals(TableSettings.folded(table))
                        && counts.getOrDefault(TableSettings.folded(one), one).equalsIgnoreCase(count));
        if (count.isBlank() || count.length() > 64 || taken) {
            throw new InvalidValueException("count name", count, "1 to 64 characters, each name once");
        }
        return with(settings.busyTimeout(), counts, settings.suspendTriggers());
    }

    /**
     * Allows tables with triggers. They do not fire while rows are replaced and are afterwards as they were; so what they maintain in tables that are not named, such as
     * a full-text index or an audit trail, stays as it is and may no longer agree. Without this such a table is refused.
     */
    public SqliteTablesDataset suspendTriggers() {
        return with(settings.busyTimeout(), settings.counts(), true);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String kind() {
        return "sqlite-tables";
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
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        CaptureGuard.requireReadable(settings.database(), context::warn);
        Optional<PreparedCapture> prepared =
                PreparedTables.open(settings, context).map(PreparedCapture.class::cast);
        if (prepared.isEmpty() && !optional) {
            throw SourceFile.missing(name(), settings.files());
        }
        return prepared;
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return TablesComparison.of(settings, snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        if (isolated) {
            EmptyTables.make(settings, snapshot);
        }
        return TablesRestore.stage(settings, snapshot, context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return TablesRestore.resume(settings, context);
    }

    /** {@inheritDoc} Staging makes a database there with the tables as they were captured, and none other. */
    @Override
    public Optional<Dataset> isolated(Path folder) {
        TableSettings there = new TableSettings(
                name(),
                folder.resolve(settings.files().fileName()).toAbsolutePath().normalize(),
                settings.busyTimeout(),
                settings.tables(),
                settings.counts(),
                settings.suspendTriggers());
        return Optional.of(new SqliteTablesDataset(there, optional, true));
    }

    @Override
    public List<String> differences(DatasetReader snapshot) {
        DatasetPlan plan = compare(snapshot);
        List<String> found = new ArrayList<>(plan.examples());
        found.addAll(plan.warnings());
        return found;
    }

    @Override
    public String toString() {
        return "SqliteTablesDataset[" + name() + ", " + settings.tables() + " of " + settings.configured() + "]";
    }

    private SqliteTablesDataset with(Duration busyTimeout, Map<String, String> counts, boolean suspendTriggers) {
        return new SqliteTablesDataset(
                new TableSettings(
                        settings.name(),
                        settings.configured(),
                        busyTimeout,
                        settings.tables(),
                        counts,
                        suspendTriggers),
                optional);
    }
}
