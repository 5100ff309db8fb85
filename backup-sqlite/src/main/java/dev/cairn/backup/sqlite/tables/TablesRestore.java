package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One restore of one set of tables: what is staged, and the rows that were replaced, lie in {@code <folder>/.cairn-<restore>-<dataset>/} until it has ended.
 */
public final class TablesRestore implements StagedRestore {

    private final TableSettings settings;
    private final StageContext context;
    private final Consumer<TableStep> done;

    private TablesRestore(TableSettings settings, StageContext context, Consumer<TableStep> done) {
        this.settings = settings;
        this.context = context;
        this.done = done;
    }

    /**
     * Stages a snapshot's rows. The live database is only read.
     *
     * @throws RestoreRefusedException if the snapshot does not fit the live tables
     * @throws dev.cairn.backup.DamagedSnapshotException if it is not what was written
     * @throws StoreException if it cannot be written; nothing stays behind
     */
    public static StagedRestore stage(TableSettings settings, DatasetReader reader, StageContext context) {
        TablesRestore restore = resume(settings, context);
        if (reader.summary().present()) {
            restore.stage(reader);
        }
        return restore;
    }

    /** The restore that the journal tells of; one that had not begun to stage has nothing to do. */
    public static TablesRestore resume(TableSettings settings, StageContext context) {
        return resume(settings, context, step -> {});
    }

    static TablesRestore resume(TableSettings settings, StageContext context, Consumer<TableStep> done) {
        return new TablesRestore(settings, context, done);
    }

    private void stage(DatasetReader reader) {
        DatabaseFiles live = settings.files();
        SnapshotId snapshot = reader.snapshot().id();
        if (!TableSettings.isThere(live)) {
            throw new RestoreRefusedException(
                    snapshot,
                    live.main() + " does not exist; tables are restored into a database that has them",
                    "Let the host make its database first, or restore the whole of it",
                    null);
        }
        TablesJournal journal = journal(live, snapshot);
        journal.save(context);
        boolean staged = false;
        try {
            new TablesStaging(settings, journal, context.cancellation()).write(reader);
            TablesJournal.saveStaged(context);
            staged = true;
        } catch (SQLException e) {
            throw TableFailures.restore(settings.name(), snapshot, live.main(), e);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Staging tables of " + live.main(), e);
        } finally {
            if (!staged) {
                discardQuietly(journal);
            }
        }
    }

    private TablesJournal journal(DatabaseFiles live, SnapshotId snapshot) {
        try {
            return new TablesJournal(
                    snapshot.value(),
                    live.main().toString(),
                    live.folder()
                            .resolve(".cairn-" + context.restoreId() + "-" + settings.name())
                            .toString(),
                    KeptRows.choose(live, settings.name(), context.startedAt()).toString());
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Looking for a name beside " + live.main(), e);
        }
    }

    @Override
    public void swap() {
        Optional<TablesJournal> planned = TablesJournal.load(context);
        if (planned.isEmpty()) {
            return;
        }
        TablesJournal journal = planned.get();
        SwapMarks marks = new SwapMarks(context);
        if (marks.isKnownSwapped()) {
            return;
        }
        try {
            if (!TablesJournal.wasStaged(context) || !DurableFiles.exists(journal.staged())) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        journal.staged() + " is missing or was not completed, the live tables are the old ones",
                        "Roll the restore back and start it again",
                        null);
            }
            new TablesSwap(settings, journal, marks, done).run();
        } catch (SQLException e) {
            throw TableFailures.restore(settings.name(), journal.snapshotId(), journal.liveFile(), e);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Replacing tables of " + journal.live(), e);
        }
    }

    @Override
    public void rollback() {
        Optional<TablesJournal> planned = TablesJournal.load(context);
        if (planned.isEmpty()) {
            return;
        }
        TablesJournal journal = planned.get();
        try {
            if (!TablesJournal.wasUndone(context)) {
                new TablesSwap(settings, journal, new SwapMarks(context), done).undo();
                // From here on the rows are the host's, whatever the marks say.
                TablesJournal.saveUndone(context);
            }
            discard(journal);
        } catch (SQLException e) {
            throw TableFailures.restore(settings.name(), journal.snapshotId(), journal.liveFile(), e);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Bringing back tables of " + journal.live(), e);
        }
    }

    @Override
    public void finish() {
        Optional<TablesJournal> planned = TablesJournal.load(context);
        if (planned.isEmpty()) {
            return;
        }
        TablesJournal journal = planned.get();
        try {
            if (DurableFiles.exists(journal.old())) {
                DurableFiles.moveAtomically(journal.old(), journal.asideFile());
            }
            discard(journal);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Removing " + journal.stagingFolder(), e);
        }
    }

    private static void discard(TablesJournal journal) throws IOException {
        if (DurableFiles.exists(journal.stagingFolder())) {
            DurableFiles.deleteTree(journal.stagingFolder());
            DurableFiles.forceDirectory(new DatabaseFiles(journal.liveFile()).folder());
        }
    }

    private static void discardQuietly(TablesJournal journal) {
        try {
            discard(journal);
        } catch (IOException e) {
            // The failure that led here is the one to report; recovery removes the folder with the journal's help.
            org.slf4j.LoggerFactory.getLogger(TablesRestore.class).warn("{} stays behind", journal.stagingFolder(), e);
        }
    }
}
