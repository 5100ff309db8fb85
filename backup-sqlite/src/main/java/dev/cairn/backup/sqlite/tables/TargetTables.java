package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConnection;

/** Whether captured tables fit the live ones. That they do not is no damage, and is told with the way out. */
final class TargetTables {

    private TargetTables() {}

    /**
     * The live table that a captured one goes to.
     *
     * @throws RestoreRefusedException if there is none, or it is made in another way
     */
    static TableSchema require(TableSettings settings, SnapshotId snapshot, SQLiteConnection live, TableHeader captured)
            throws SQLException {
        TableLookup lookup = lookUp(settings, live, captured);
        if (lookup instanceof TableLookup.Refused refused) {
            throw new RestoreRefusedException(
                    snapshot,
                    "Snapshot '" + snapshot + "' does not fit " + settings.configured() + ": " + refused.problem(),
                    refused.nextStep(),
                    null);
        }
        return ((TableLookup.Found) lookup).schema();
    }

    /** The live table, or why rows of the captured one cannot be its rows. */
    static TableLookup lookUp(TableSettings settings, SQLiteConnection live, TableHeader captured) throws SQLException {
        TableLookup lookup = new SchemaReader(live).lookUp(captured.schema().name(), settings.suspendTriggers());
        if (lookup instanceof TableLookup.Found found) {
            SchemaDrift drift = SchemaDrift.between(captured, found.schema(), TextEncoding.of(live));
            if (!drift.refusals().isEmpty()) {
                return new TableLookup.Refused(
                        drift.problem(),
                        "Restore with the release of the host that took the snapshot and migrate again, or restore into a new database and copy by hand; the snapshot is not damaged");
            }
        }
        return lookup;
    }

    /** The captured cells by the names that the live table has for them now. */
    static List<String> cellsOf(TableSchema captured, TableSchema live) {
        List<String> cells = new ArrayList<>();
        live.rowid().ifPresent(cells::add);
        for (TableColumn column : captured.columns()) {
            cells.add(live.column(column.name()).orElseThrow().name());
        }
        return cells;
    }

    /** Why a snapshot of these tables is no snapshot of the configured ones; empty text if it is. */
    static String otherTables(TableSettings settings, List<String> captured) {
        Set<String> wanted = settings.tables().stream().map(TableSql::folded).collect(Collectors.toSet());
        Set<String> held = captured.stream().map(TableSql::folded).collect(Collectors.toSet());
        List<String> missing = settings.tables().stream()
                .filter(table -> !held.contains(TableSql.folded(table)))
                .toList();
        List<String> more = captured.stream()
                .filter(table -> !wanted.contains(TableSql.folded(table)))
                .toList();
        return (missing.isEmpty() ? "" : "it lacks " + missing)
                + (missing.isEmpty() || more.isEmpty() ? "" : " and ")
                + (more.isEmpty() ? "" : "it also holds " + more);
    }
}
