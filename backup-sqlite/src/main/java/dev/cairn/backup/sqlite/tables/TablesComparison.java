package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.ReadPin;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * What a restore would do, row by row; neither side is held in memory. The live tables are read at one instant.
 */
public final class TablesComparison {

    private final TableSettings settings;
    private final DatasetReader snapshot;
    private final List<String> examples = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> captured = new ArrayList<>();
    private long create;
    private long replace;
    private long remove;
    private long keep;
    private long bytes;

    private TablesComparison(TableSettings settings, DatasetReader snapshot) {
        this.settings = settings;
        this.snapshot = snapshot;
    }

    /**
     * Compares and touches nothing.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if the snapshot cannot be read
     */
    public static DatasetPlan of(TableSettings settings, DatasetReader snapshot) {
        return new TablesComparison(settings, snapshot).plan();
    }

    private DatasetPlan plan() {
        DatabaseFiles live = settings.files();
        if (!snapshot.summary().present()) {
            warnings.add(
                    "The snapshot was taken when " + live.main() + " did not exist; the live tables stay as they are");
        } else if (!TableSettings.isThere(live)) {
            warnings.add("The restore would be refused: " + live.main() + " does not exist");
        } else {
            compare(live);
        }
        return new DatasetPlan(
                settings.name(), live.main().toString(), create, replace, remove, keep, bytes, examples, warnings);
    }

    private void compare(DatabaseFiles live) {
        try {
            SQLiteConnection connection = Connections.open(live.main(), settings.busyTimeout());
            try (EntryCursor entries = snapshot.entries()) {
                ReadPin.prepare(connection).take();
                for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                    table(entry, connection);
                }
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            throw TableFailures.restore(settings.name(), snapshot.snapshot().id(), live.main(), e);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Comparing tables of " + live.main(), e);
        }
        String others = TargetTables.otherTables(settings, captured);
        if (!others.isEmpty()) {
            warnings.add("The restore would be refused: the snapshot is not of the named tables, " + others);
        }
    }

    private void table(Entry entry, SQLiteConnection connection) throws SQLException, IOException {
        bytes += entry.size();
        try (TableLines lines = TableLines.open(snapshot.snapshot().id(), entry)) {
            TableHeader header = lines.header();
            captured.add(header.schema().name());
            TableLookup lookup = TargetTables.lookUp(settings, connection, header);
            if (lookup instanceof TableLookup.Refused refused) {
                warnings.add("The restore would be refused: " + refused.problem() + ". " + refused.nextStep());
                return;
            }
            TableSchema live = ((TableLookup.Found) lookup).schema();
            TextEncoding encoding = TextEncoding.of(connection);
            warnings.addAll(SchemaDrift.between(header, live, encoding).notes());
            rows(lines, new LiveCells(header.schema(), live, encoding), connection);
        }
    }

    private void rows(TableLines lines, LiveCells cells, SQLiteConnection connection) throws SQLException, IOException {
        RowCounts rows = RowCounts.of(lines, cells, connection);
        create += rows.created();
        replace += rows.replaced();
        remove += rows.removed();
        keep += rows.kept();
        if (rows.created() + rows.replaced() + rows.removed() > 0 && examples.size() < 20) {
            examples.add(cells.table() + ": create " + rows.created() + ", replace " + rows.replaced() + ", remove "
                    + rows.removed() + ", keep " + rows.kept() + " rows");
        }
    }
}
