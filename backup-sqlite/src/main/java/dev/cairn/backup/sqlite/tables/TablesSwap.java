package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.durable.DurableFiles;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConnection;

/**
 * Replaces the rows of all tables in one transaction, and brings the old ones back in another.
 *
 * <ol>
 *   <li>Take the write lock. Whoever has it now keeps us waiting, and in the end refuses us: nothing is changed.
 *   <li>Keep the old rows beside the database, durably.
 *   <li>Replace, check the references to and from other tables, write the mark down, commit.
 * </ol>
 *
 * A crash leaves either all old rows or all new ones; {@link SwapMarks} tells which.
 */
final class TablesSwap {

    private final TableSettings settings;
    private final TablesJournal journal;
    private final SwapMarks marks;
    private final Consumer<TableStep> done;

    TablesSwap(TableSettings settings, TablesJournal journal, SwapMarks marks, Consumer<TableStep> done) {
        this.settings = settings;
        this.journal = journal;
        this.marks = marks;
        this.done = done;
    }

    /** Swaps, unless an earlier call or process has. */
    void run() throws SQLException, IOException {
        try (LockedTables locked = LockedTables.of(journal.liveFile(), settings.busyTimeout())) {
            done.accept(TableStep.LOCKED);
            if (!marks.isSwapped(locked.cookie())) {
                replace(locked);
            }
        }
        marks.swapped();
    }

    private void replace(LockedTables locked) throws SQLException, IOException {
        SQLiteConnection connection = locked.connection();
        locked.attach(journal.staged());
        List<AttachedTable> tables = AttachedTable.all(connection);
        List<TargetTable> live = requireTheSameTables(connection, tables);
        SwapSpace.require(connection, tables, journal);
        OldRows.keep(connection, live.stream().map(TargetTable::schema).toList(), journal.liveFile(), journal.old());
        done.accept(TableStep.OLD_KEPT);
        ForeignKeys references = ForeignKeys.before(
                connection, tables.stream().map(AttachedTable::name).toList());
        int before = locked.cookie();
        Set<String> unchanged = live.stream()
                .filter(TargetTable::isAsCaptured)
                .map(table -> table.schema().name())
                .collect(Collectors.toSet());
        Replacement.apply(connection, tables, unchanged::contains);
        requireReferences(references);
        done.accept(TableStep.REPLACED);
        int after = marks.begin(before);
        done.accept(TableStep.MARKED);
        locked.mark(after);
        locked.commit();
        done.accept(TableStep.COMMITTED);
    }

    /** Once more, under the lock: the host may have changed its schema since it was staged. */
    private List<TargetTable> requireTheSameTables(SQLiteConnection connection, List<AttachedTable> tables)
            throws SQLException {
        List<TargetTable> live = new ArrayList<>();
        for (AttachedTable table : tables) {
            try {
                TableHeader header = TableHeader.parse(table.header().orElse(""));
                TableSchema now = TargetTables.require(settings, journal.snapshotId(), connection, header);
                requireTheSameCells(table, TargetTables.cellsOf(header.schema(), now));
                live.add(new TargetTable(now, now.sql().equals(header.schema().sql())));
            } catch (TableHeader.Malformed e) {
                throw new SQLException("the staged table " + table.name() + " has no header: " + e.getMessage(), e);
            }
        }
        return live;
    }

    /** A column that was called like the hidden rowid since would get the rowids. */
    private void requireTheSameCells(AttachedTable staged, List<String> now) {
        if (!staged.cells().equals(now)) {
            throw new RestoreRefusedException(
                    journal.snapshotId(),
                    "Table '" + staged.name() + "' in " + journal.live()
                            + " was changed since its rows were staged: they go to " + now + " now and not to "
                            + staged.cells(),
                    "Nothing was changed; roll the restore back and start it again",
                    null);
        }
    }

    private void requireReferences(ForeignKeys references) throws SQLException {
        List<String> broken = references.broken();
        if (!broken.isEmpty()) {
            throw new RestoreRefusedException(
                    journal.snapshotId(),
                    "With the rows of snapshot '" + journal.snapshot() + "', " + String.join("; ", broken) + ", in "
                            + journal.live(),
                    "Nothing was changed; name the tables at both ends of such references in one dataset, or mend the rows of the other tables first",
                    null);
        }
    }

    /** Brings the old rows back if the new ones are live. What was written to the tables since is given up. */
    void undo() throws SQLException, IOException {
        if (!marks.isKnownSwapped() && !marks.wasTried()) {
            return; // without a mark nothing was committed, and the database need not be there
        }
        try (LockedTables locked = LockedTables.of(journal.liveFile(), settings.busyTimeout())) {
            if (marks.isSwapped(locked.cookie())) {
                requireOldRows();
                locked.attach(journal.old());
                // The old rows go back whatever the rules say: they were there.
                Replacement.apply(locked.connection(), AttachedTable.all(locked.connection()), table -> true);
                done.accept(TableStep.UNDO_REPLACED);
                locked.commit();
                done.accept(TableStep.UNDO_COMMITTED);
            }
        }
    }

    private void requireOldRows() throws IOException {
        if (!DurableFiles.exists(journal.old())) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    journal.old() + " is missing, which holds the rows that the restore replaced in " + journal.live(),
                    "Put it back and roll back again",
                    null);
        }
    }

    /**
     * A live table that rows go to.
     *
     * @param isAsCaptured whether it is made, word for word, as the captured one was
     */
    private record TargetTable(TableSchema schema, boolean isAsCaptured) {}
}
