package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.nio.file.Path;

/** The database of a snapshot as a file of its own, complete by itself. */
final class SnapshotFile {

    private SnapshotFile() {}

    /**
     * Writes it, readable by the owner only; every byte is verified on the way, and what fails leaves nothing.
     *
     * @param folder where; the file is called after the snapshot
     * @throws IOException if the snapshot does not hold it, or it cannot be written
     */
    static Path write(PackedRepository repository, SnapshotId id, Path folder) throws IOException {
        String name = id + ".db";
        try (SnapshotReader snapshot = repository.read(id);
                EntryCursor entries = snapshot.dataset(MemoryBackups.DATABASE).entries();
                FileBlobStore files = FileBlobStore.at(folder)) {
            Entry database = entries.next();
            if (database == null) {
                throw new IOException("backup " + id + " was taken when there was no database");
            }
            BlobContent content = () -> database.content().open();
            if (files.putIfAbsent(BlobName.of(name), content) == PutOutcome.UNKNOWN) {
                throw new IOException(name + " may not be durable; delete it and try again");
            }
            return folder.resolve(name);
        }
    }
}
