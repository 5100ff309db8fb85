package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One restore of one database: what is staged lies in {@code <folder>/.cairn-<restore>-<dataset>/}, named after both so that two databases of one
 * folder never share it.
 */
public final class DatabaseRestore implements StagedRestore {

    private static final String UNDONE = "sqlite-undone";

    private final DatabaseSettings settings;
    private final StageContext context;
    private final Consumer<SwapStep> done;

    private DatabaseRestore(DatabaseSettings settings, StageContext context, Consumer<SwapStep> done) {
        this.settings = settings;
        this.context = context;
        this.done = done;
    }

    /**
     * Stages a snapshot's database. The live one is read, to see whether it is damaged, and not changed.
     *
     * @throws DamagedSnapshotException if the snapshot holds no sound database
     * @throws dev.cairn.backup.StoreException if it cannot be written; nothing stays behind
     */
    public static StagedRestore stage(DatabaseSettings settings, DatasetReader snapshot, StageContext context) {
        DatabaseRestore restore = resume(settings, context);
        Optional<Entry> entry = SnapshotDatabase.entryOf(snapshot);
        if (entry.isPresent()) {
            restore.stage(entry.get(), snapshot);
        }
        return restore;
    }

    /** The restore that the journal tells of; one that had not begun to stage has nothing to do. */
    public static DatabaseRestore resume(DatabaseSettings settings, StageContext context) {
        return resume(settings, context, step -> {});
    }

    static DatabaseRestore resume(DatabaseSettings settings, StageContext context, Consumer<SwapStep> done) {
        return new DatabaseRestore(settings, context, done);
    }

    private void stage(Entry entry, DatasetReader snapshot) {
        DatabaseFiles live = settings.files();
        try {
            Staging.requireSpace(live.main(), entry.size());
            boolean replaces = live.exists();
            boolean damaged = replaces && LiveHealth.isDamaged(settings, live);
            Path folder = live.folder().resolve(".cairn-" + context.restoreId() + "-" + settings.name());
            SwapJournal journal = new SwapJournal(
                    live.main().toString(),
                    folder.resolve(live.fileName()).toString(),
                    AsideName.choose(live, damaged, context.startedAt()).toString(),
                    replaces);
            journal.save(context);
            boolean staged = false;
            try {
                new Staging(snapshot.snapshot().id(), settings.thoroughCheck(), context.cancellation())
                        .write(snapshot, entry, journal.stagedFile());
                journal.saveStaged(context);
                staged = true;
            } finally {
                if (!staged) {
                    discardQuietly(journal);
                }
            }
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Staging " + live.main(), e);
        }
    }

    @Override
    public void swap() {
        Optional<SwapJournal> planned = SwapJournal.load(context);
        if (planned.isEmpty()) {
            return;
        }
        SwapJournal journal = planned.get();
        try {
            if (journal.isSwapped(context)) {
                finishInterrupted(journal);
            } else {
                new Swap(settings, journal, done).run();
            }
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Replacing " + journal.live(), e);
        }
    }

    /**
     * After the rename only empty files of the old database can be left, for its commits were brought in or set aside before. One with content is
     * the new database's own, from a host that has opened it since.
     */
    private static void finishInterrupted(SwapJournal journal) throws IOException {
        if (OpenElsewhere.isFree(journal.liveFiles().main())) {
            Sidecars.removeEmpty(journal.liveFiles());
        }
        DurableFiles.forceDirectory(journal.liveFiles().folder());
    }

    @Override
    public void rollback() {
        Optional<SwapJournal> planned = SwapJournal.load(context);
        if (planned.isEmpty()) {
            return;
        }
        SwapJournal journal = planned.get();
        try {
            if (context.load(UNDONE).isEmpty()) {
                new Undo(settings, journal, done).run(journal.isSwapped(context));
                // From here on a file at the live name is the host's, whatever its inode.
                context.save(UNDONE, new byte[0]);
            }
            discard(journal);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Bringing back " + journal.live(), e);
        }
    }

    @Override
    public void finish() {
        Optional<SwapJournal> planned = SwapJournal.load(context);
        if (planned.isEmpty()) {
            return;
        }
        try {
            discard(planned.get());
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Removing " + planned.get().stagingFolder(), e);
        }
    }

    @Override
    public Optional<OldData> oldData() {
        Optional<DatabaseFiles> aside =
                SwapJournal.load(context).map(SwapJournal::asideFiles).filter(old -> AsideName.isSound(old.fileName()));
        try {
            return aside.isPresent() && aside.get().exists()
                    ? aside.map(old -> OldData.at(old.main().toString()))
                    : Optional.empty();
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Looking at " + aside.get().main(), e);
        }
    }

    private static void discard(SwapJournal journal) throws IOException {
        Path folder = journal.stagingFolder();
        if (DurableFiles.exists(folder)) {
            DurableFiles.deleteTree(folder);
            DurableFiles.forceDirectory(journal.liveFiles().folder());
        }
    }

    private static void discardQuietly(SwapJournal journal) {
        try {
            discard(journal);
        } catch (IOException e) {
            // The failure that led here is the one to report; recovery removes the folder with the journal's help.
            org.slf4j.LoggerFactory.getLogger(DatabaseRestore.class)
                    .warn("{} stays behind", journal.stagingFolder(), e);
        }
    }
}
