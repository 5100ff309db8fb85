package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What capture and restore need to know of a configured set of tables.
 *
 * @param name the dataset's name
 * @param configured the database's path as the host gave it, made absolute
 * @param busyTimeout how long to wait for a lock of another connection, at least zero
 * @param tables the tables' names, each once whatever the case of its letters
 * @param counts the names under which tables are counted, by {@link #folded} table; others are counted under their own name
 * @param suspendTriggers whether tables with triggers are allowed
 */
public record TableSettings(
        String name,
        Path configured,
        Duration busyTimeout,
        List<String> tables,
        Map<String, String> counts,
        boolean suspendTriggers) {

    /** Copies the collections. */
    public TableSettings {
        tables = List.copyOf(tables);
        counts = Map.copyOf(counts);
    }

    /** The files as they lie on disk now; a symbolic link is followed afresh at each call. */
    public DatabaseFiles files() {
        return DatabaseFiles.of(configured);
    }

    /** The database that the tables are in. */
    public DatabaseSettings database() {
        return new DatabaseSettings(name, configured, busyTimeout, false, Map.of());
    }

    /** A name as SQLite compares names: ASCII letters without their case, all others as they are. */
    public static String folded(String name) {
        return TableSql.folded(name);
    }

    /** The name under which a table is counted. */
    public String countOf(String table) {
        return counts.getOrDefault(TableSql.folded(table), table);
    }

    /**
     * Whether there is anything at the database's place.
     *
     * @throws dev.cairn.backup.StoreException if it cannot be told
     */
    static boolean isThere(DatabaseFiles live) {
        try {
            return live.exists();
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Looking at " + live.main(), e);
        }
    }
}
