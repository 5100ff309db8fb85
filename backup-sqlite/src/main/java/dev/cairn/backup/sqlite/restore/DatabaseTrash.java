package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.FileRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The databases that restores have set aside whole. To bring one back it is copied, checked and swapped in like a snapshot's: a copy, because whatever the host writes before an undoing would
 * otherwise be in the old database too. Damaged ones ({@code -corrupt-}) are evidence and no trash: nobody goes back to them, and only an operator removes them.
 *
 * @param settings of the database
 */
public record DatabaseTrash(DatabaseSettings settings) implements DatasetTrash {

    @Override
    public OptionalLong bytes(OldData old) {
        try {
            DatabaseFiles files = files(old);
            return files.exists() ? OptionalLong.of(DatabaseFiles.sizeOf(files.main())) : OptionalLong.empty();
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Measuring " + old.place(), e);
        }
    }

    @Override
    public StagedRestore stage(OldData old, StageContext context) {
        try {
            DatabaseFiles files = files(old);
            Entry database = Entry.file(
                    EntryPath.of(settings.files().fileName()),
                    Files.size(files.main()),
                    FileRights.attributesOf(files),
                    () -> Files.newInputStream(files.main()));
            return DatabaseRestore.stage(settings, new Aside(settings.name(), database, context), context);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Bringing back " + old.place(), e);
        }
    }

    @Override
    public void remove(OldData old) {
        try {
            DatabaseFiles files = files(old);
            for (Path file : List.of(files.wal(), files.shm(), files.journal(), files.main())) {
                DurableFiles.deleteDurably(file);
            }
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Removing " + old.place(), e);
        }
    }

    private DatabaseFiles files(OldData old) throws IOException {
        Path main = settings.files().main();
        DatabaseFiles recorded = new DatabaseFiles(main.getFileSystem().getPath(old.place()));
        // Where the database is now, if a volume was mounted elsewhere meanwhile.
        DatabaseFiles files =
                recorded.exists() ? recorded : new DatabaseFiles(main.resolveSibling(recorded.fileName()));
        if (!AsideName.isSound(files.fileName())) {
            throw new InvalidValueException(
                    "trash of dataset '" + settings.name() + "'",
                    old.place(),
                    "a database that a restore has set aside");
        }
        return files;
    }

    /** A set-aside database as something to restore. */
    private record Aside(String dataset, Entry database, StageContext context) implements DatasetReader {

        @Override
        public SnapshotMetadata snapshot() {
            return SnapshotMetadata.builder(SnapshotId.of(context.restoreId()), context.startedAt())
                    .build();
        }

        @Override
        public DatasetSummary summary() {
            return new DatasetSummary(dataset, "sqlite", true, 1, database.size(), Optional.empty(), Map.of());
        }

        @Override
        public EntryCursor entries() {
            return EntryCursor.of(List.of(database));
        }
    }
}
