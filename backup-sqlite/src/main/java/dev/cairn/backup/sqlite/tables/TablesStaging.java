package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.FreeSpace;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/** Reads a snapshot's tables to their end, checks that they fit the live ones, and writes their rows beside the database. */
final class TablesStaging {

    private final TableSettings settings;
    private final TablesJournal journal;
    private final SnapshotId snapshot;
    private final CancellationToken cancellation;

    TablesStaging(TableSettings settings, TablesJournal journal, CancellationToken cancellation) {
        this.settings = settings;
        this.journal = journal;
        this.snapshot = journal.snapshotId();
        this.cancellation = cancellation;
    }

    /**
     * Writes and forces the staged file; its folder is made and is the caller's to remove after a failure.
     *
     * @throws RestoreRefusedException if a table does not fit its live one
     * @throws DamagedSnapshotException if an entry is not what was written
     */
    void write(DatasetReader reader) throws SQLException, IOException {
        DurableFiles.createDirectories(journal.stagingFolder());
        SQLiteConnection live = Connections.open(journal.liveFile(), settings.busyTimeout());
        try {
            Connections.run(live, "PRAGMA trusted_schema=OFF");
            List<String> captured = new ArrayList<>();
            try (RowFile staged = RowFile.create(journal.staged(), TextEncoding.of(live));
                    EntryCursor entries = reader.entries()) {
                staged.begin();
                for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                    captured.add(write(entry, live, staged));
                }
                requireAll(captured);
                staged.commit();
            }
        } finally {
            Connections.closeQuietly(live);
        }
    }

    private String write(Entry entry, SQLiteConnection live, RowFile staged) throws SQLException, IOException {
        cancellation.throwIfCancelled("Staging " + entry.path());
        if (entry.type() != EntryType.FILE) {
            throw new DamagedSnapshotException(snapshot, entry.path().value(), "is no table", null);
        }
        FreeSpace.require(journal.liveFile(), entry.size(), SwapSpace.NEXT_STEP);
        try (TableLines lines = TableLines.open(snapshot, entry)) {
            TableHeader header = lines.header();
            TableSchema target = TargetTables.require(settings, snapshot, live, header);
            TextEncoding encoding = TextEncoding.of(live);
            SchemaDrift.between(header, target, encoding)
                    .notes()
                    .forEach(note ->
                            LoggerFactory.getLogger(TablesStaging.class).info("Restoring {}: {}", snapshot, note));
            List<String> cells = TargetTables.cellsOf(header.schema(), target);
            staged.add(target.name(), cells, header.toJson().toString(), header.sequence());
            boolean sameText = header.encoding() == encoding;
            try (RowsAhead rows = RowsAhead.of(lines);
                    RowInserts insert = new RowInserts(
                            staged.connection(), places -> TableSql.insert(target.name(), cells, places))) {
                for (List<@Nullable Object[]> block = next(rows, entry); !block.isEmpty(); block = next(rows, entry)) {
                    for (@Nullable Object[] row : block) {
                        requireText(row, sameText, target, header);
                        insert.add(row);
                    }
                }
                insert.flush();
            }
            return target.name();
        }
    }

    private List<@Nullable Object[]> next(RowsAhead rows, Entry entry) throws IOException {
        String operation = "Staging " + entry.path();
        cancellation.throwIfCancelled(operation);
        try {
            return rows.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException(operation);
        }
    }

    /** Bytes that are text in no encoding can only go back to a database of the same one. */
    private void requireText(@Nullable Object[] row, boolean sameText, TableSchema target, TableHeader header) {
        if (sameText) {
            return;
        }
        for (Object value : row) {
            if (value instanceof IllFormedText) {
                throw new RestoreRefusedException(
                        snapshot,
                        "Table '" + target.name() + "' holds text that is no Unicode, captured from a database in "
                                + header.encoding().pragma(),
                        "Restore it into a database with PRAGMA encoding='"
                                + header.encoding().pragma() + "'",
                        null);
            }
        }
    }

    private void requireAll(List<String> captured) {
        String difference = TargetTables.otherTables(settings, captured);
        if (!difference.isEmpty()) {
            throw new RestoreRefusedException(
                    snapshot,
                    "Snapshot '" + snapshot + "' is not of the tables that dataset '" + settings.name() + "' names: "
                            + difference,
                    "Restore it with a dataset that names the tables which it holds",
                    null);
        }
    }
}
